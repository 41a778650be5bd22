// What the gateway demands of callers, by the configuration that is in force (or in its file).
import type { GatewayView, PostureFacts, ProviderView, RouteView } from '../facts/facts.ts';
import { findSigning } from './networks.ts';
import {
  cis,
  fail,
  inProduction,
  model,
  ofParts,
  pass,
  type Rule,
  toFinding,
  toList,
  unknown,
  type Verdict,
} from './rule.ts';

/** What the gateway's image says by itself, and so no container says of its own. */
const IMAGE_SOCKET = '/run/gatehouse/admin.sock';

const WRITING = ['POST', 'PUT', 'PATCH', 'DELETE'];
/** Where callers get what they are known by later: it cannot ask for that. */
const SIGNS_IN = /(^|\/)(auth|login|signin|sign-in|signup|sign-up|register|token|oauth2?|\.well-known)(\/|$|\*)/i;
const BODY_LIMIT_BYTES = 100 * 1024 * 1024;
const TOTAL_MS = 300_000;
const SKEW_SECONDS = 120;

type Verdicts = readonly (readonly [subject: string, verdict: Verdict])[];

/** A rule on the configuration of the gateway; unknown where that cannot be read. */
function ofConfig(judge: (config: GatewayView, facts: PostureFacts) => Verdicts): Rule['judge'] {
  return (facts) => {
    const { gateway } = facts;
    if (gateway.state === 'absent') return [];
    if (gateway.state === 'unknown') return [toFinding('gateway', 'no configuration', unknown(gateway.why))];
    return judge(gateway.config, facts).map(([subject, verdict]) => toFinding(subject, gateway.where, verdict));
  };
}

const ofRoutes = (judge: (route: RouteView, config: GatewayView) => Verdict | null): Rule['judge'] =>
  ofConfig((config) =>
    config.routes.flatMap((route) => {
      const verdict = judge(route, config);
      return verdict ? [[route.id, verdict] as const] : [];
    }),
  );

const takesWrites = ({ methods }: RouteView) => methods === null || methods.some((method) => WRITING.includes(method));
const signsIn = ({ paths }: RouteView) => paths.some((path) => SIGNS_IN.test(path));

function judgeAuth(route: RouteView): Verdict | null {
  if (!takesWrites(route)) return null;
  if (signsIn(route)) return pass('is where callers sign in');
  const { auth } = route;
  if (auth === null) return fail('takes writes from everybody: it asks for no token');
  if (!auth.isRequired) return fail('takes writes without a token as well: it is not required');
  const open = auth.anonymous.filter((way) => WRITING.includes(way) || way.startsWith('/'));
  if (open.includes('/') || WRITING.some((method) => open.includes(method)))
    return fail(`takes writes from everybody: ${toList(open)} is anonymous`);
  return pass('asks for a token');
}

/** What the shop's own people use, and programs that look after it. */
const FOR_FEW = /(^|\/)(_?admin|internal|management|actuator|staff|backoffice|debug)(\/|$|\*)/i;

/** Any customer has a token. */
function judgeScopes({ paths, auth }: RouteView): Verdict | null {
  if (!paths.some((path) => FOR_FEW.test(path))) return null;
  if (auth === null || !auth.isRequired) return fail('is for few, and asks for no token');
  return auth.isNarrowed ? pass('asks for a scope or a claim') : fail('is for few, and takes any token');
}

function judgeProvider({ algorithms, issuer, audiences, clockSkewSeconds, keysFrom }: ProviderView): Verdict {
  const faults: string[] = [];
  if (algorithms.some((name) => /^none$/i.test(name))) faults.push('takes unsigned tokens');
  if (issuer === '') faults.push('looks at no issuer');
  if (audiences === null || audiences.length === 0)
    faults.push('looks at no audience: a token for another service counts here');
  if (clockSkewSeconds > SKEW_SECONDS) faults.push(`takes tokens ${clockSkewSeconds} s after their end`);
  if (keysFrom === 'secretEnv') faults.push('has its key in the environment');
  return faults.length > 0 ? fail(toList(faults)) : pass('checks signature, issuer, audience and expiry');
}

/** A token that is tried is not yet a user. */
function judgeLimits(route: RouteView, config: GatewayView): Verdict {
  const own = config.policies.filter(({ name }) => route.limits.includes(name));
  if (own.length === 0) return fail('has no limit: one caller can take it all');
  if (!own.some(({ by }) => by.includes('ip'))) return fail('has no limit of one address');
  return pass('is limited by address');
}

/** Many users may share one address, and one user have many. */
function judgeUserLimits(route: RouteView, config: GatewayView): Verdict | null {
  if (route.auth === null || signsIn(route)) return null;
  const own = config.policies.filter(({ name }) => route.limits.includes(name));
  return own.some(({ by }) => by.includes('user')) ? pass('is limited by user') : fail('has no limit of one user');
}

function judgeStricter(config: GatewayView): Verdicts {
  const rateOf = ({ limits }: RouteView) =>
    Math.min(...config.policies.filter(({ name }) => limits.includes(name)).map(({ perSecond }) => perSecond));
  const others = config.routes
    .filter((route) => !signsIn(route))
    .map(rateOf)
    .filter(Number.isFinite);
  const fastest = Math.max(...others);
  return config.routes.filter(signsIn).map((route) => {
    const rate = rateOf(route);
    if (!Number.isFinite(rate)) return [route.id, fail('has no limit: passwords can be tried without end')];
    return [
      route.id,
      rate < fastest || others.length === 0
        ? pass('is limited more than others')
        : fail(`is limited to ${rate}/s like all others`),
    ];
  });
}

function judgeSigning(facts: PostureFacts): Verdict {
  const isSigning = findSigning(facts);
  if (isSigning === undefined) return unknown('whether it signs its requests is not known');
  return isSigning
    ? pass('signs who the caller is')
    : fail('does not sign its requests: whoever reaches a service can be anybody');
}

const WHOLE = /^(0\.0\.0\.0|::)\/0$/;

export const gatewayRules: readonly Rule[] = [
  {
    id: 'gateway.authentication',
    severity: 'high',
    title: 'Routes that take writes ask who is there',
    remedy: 'Give the route `auth: { provider: NAME }`, and name under `auth.providers` who issues tokens.',
    source: model('Security Model 3, Authentication'),
    modes: inProduction,
    judge: ofRoutes(judgeAuth),
  },
  {
    id: 'gateway.tokens',
    severity: 'high',
    title: 'Tokens are checked in full',
    remedy: 'Name `issuer`, `audiences` and asymmetric `algorithms`, and leave `clockSkewSeconds` at 30.',
    source: `${model('Security Model 3, JWT token validation, Token expiration checking')}; RFC 8725`,
    modes: inProduction,
    judge: ofConfig(({ providers }) =>
      providers.map((provider) => [`provider ${provider.name}`, judgeProvider(provider)]),
    ),
  },
  {
    id: 'gateway.scopes',
    severity: 'high',
    title: 'What is for few asks for more than a token',
    remedy: 'Give the route `auth: { provider: NAME, scopes: { all: [admin] } }`.',
    source: model('Security Model 3, Scopes/permissions verification'),
    modes: inProduction,
    judge: ofRoutes(judgeScopes),
  },
  {
    id: 'gateway.identity',
    severity: 'high',
    title: 'The gateway signs what it tells services of a caller',
    remedy: 'Name a key: `auth.identity.signed`, or GATEHOUSE_IDENTITY_KEY_FILE.',
    source: model('Security Model 1, Zero Trust'),
    modes: inProduction,
    judge: (facts) => {
      if (facts.gateway.state === 'absent') return [];
      const where = facts.gateway.state === 'known' ? facts.gateway.where : 'its environment';
      return [toFinding('gateway', where, judgeSigning(facts))];
    },
  },
  {
    id: 'gateway.limits',
    severity: 'medium',
    title: 'Every route limits each address',
    remedy: 'Write a policy under `limits.policies` (`by: [ip]`), and name it in `defaults.limits`.',
    source: model('Security Model 3, Per-IP rate limiting'),
    modes: inProduction,
    judge: ofRoutes(judgeLimits),
  },
  {
    id: 'gateway.user-limits',
    severity: 'medium',
    title: 'Routes that know the caller limit each user',
    remedy: 'Write a policy under `limits.policies` (`by: [user]`), and name it for the route or in `defaults.limits`.',
    source: model('Security Model 3, Per-user rate limiting'),
    modes: inProduction,
    judge: ofRoutes(judgeUserLimits),
  },
  {
    id: 'gateway.sign-in-limits',
    severity: 'medium',
    title: 'Where callers sign in, limits are stricter',
    remedy: 'Give the route a policy of its own with a lower rate.',
    source: model('Routing Table, /api/auth/* (stricter rate limiting); Security Model 3, Different limits'),
    modes: inProduction,
    judge: ofConfig(judgeStricter),
  },
  {
    id: 'gateway.breakers',
    severity: 'low',
    title: 'Every route is behind a breaker',
    remedy: 'Leave `defaults.breaker` on.',
    source: model('Security Model 3, Circuit Breakers'),
    modes: inProduction,
    judge: ofRoutes(({ hasBreaker }) => (hasBreaker ? pass('has a breaker') : fail('has no breaker'))),
  },
  {
    id: 'gateway.sizes',
    severity: 'medium',
    title: 'Requests are bounded in size and time',
    remedy: 'Set `bodyLimitBytes` and `timeouts.totalMs` for the route, or under `defaults`.',
    source: model('Security Model 3, Request Validation, Size limits'),
    modes: inProduction,
    judge: ofRoutes(({ bodyLimitBytes, totalMs }) => {
      if (bodyLimitBytes > BODY_LIMIT_BYTES)
        return fail(`takes bodies of ${Math.round(bodyLimitBytes / 1024 / 1024)} MiB`);
      if (totalMs > TOTAL_MS || totalMs === 0)
        return fail(`takes exchanges of ${totalMs === 0 ? 'any length' : `${totalMs / 1000} s`}`);
      return pass('is bounded');
    }),
  },
  {
    id: 'gateway.schemas',
    severity: 'info',
    title: 'Bodies of writes are checked against a schema',
    remedy: 'Give the route `validate: [{ methods: [POST], body: { schemaFile: … } }]`.',
    source: model('Security Model 3, Request Validation, Schema validation'),
    modes: inProduction,
    judge: ofRoutes((route) => {
      if (!takesWrites(route)) return null;
      return route.isValidated ? pass('checks what it takes') : fail('passes on what it does not check');
    }),
  },
  {
    id: 'gateway.trusted-proxies',
    severity: 'high',
    title: 'Not everybody may say for whom a request is',
    remedy: 'Name the networks of the edge alone under `trustedProxies`.',
    source: `${model('Security Model 3, Per-IP rate limiting')}; RFC 7239, section 8.1`,
    modes: inProduction,
    judge: ofConfig(({ trustedProxies }) => {
      const whole = trustedProxies.filter((range) => WHOLE.test(range));
      return [
        [
          'gateway',
          whole.length > 0
            ? fail(`believes X-Forwarded-For of ${toList(whole)}: every client can be any address`)
            : pass('believes the networks that are named'),
        ],
      ];
    }),
  },
  {
    id: 'gateway.admin-socket',
    severity: 'high',
    title: 'The admin API is on a socket that the container keeps to itself',
    remedy: 'Put GATEHOUSE_ADMIN_SOCKET on a tmpfs of the gateway, and mount no folder of the host there.',
    source: `${model('Network Topology, External Access')}; ${cis('5.6')}`,
    modes: inProduction,
    judge: ofParts(
      ({ environment, mounts }) => {
        const socket = environment.find(({ name }) => name === 'GATEHOUSE_ADMIN_SOCKET')?.value ?? IMAGE_SOCKET;
        const folder = socket.replace(/\/[^/]*$/, '');
        const shared = mounts.filter(
          ({ type, target }) => type !== 'tmpfs' && (target === folder || target === socket),
        );
        if (shared.length > 0)
          return fail(`its admin socket lies in ${toList(shared.map(({ source }) => source))}, which others can reach`);
        return pass('its admin socket is its own');
      },
      ({ kind }) => kind === 'gateway',
    ),
  },
];
