// What the rules ask of a gateway's configuration: from its file, or from what the admin API says is in force.
import { z } from 'zod';
import type { GatewayView, ProviderView, RouteView } from './facts.ts';

const names = z.array(z.string());
const policies = z.array(z.object({ name: z.string() }));

/** The configuration with its defaults filled in, as `GET /config` writes it; what else it holds is left out. */
const configSchema = z.object({
  revision: z.string(),
  trustedProxies: names,
  upstreams: z.array(z.unknown()),
  auth: z.object({
    providers: z.array(
      z.object({
        name: z.string(),
        algorithms: names,
        keys: z.object({ from: z.string() }),
        expected: z.object({ issuer: z.string(), audiences: names.nullable(), clockSkewSeconds: z.number() }),
      }),
    ),
    signing: z.unknown(),
  }),
  limits: z.object({
    policies: z.array(z.object({ name: z.string(), by: names, rate: z.number(), perSeconds: z.number() })),
  }),
  routes: z.array(
    z.object({
      id: z.string(),
      paths: z.array(z.unknown()),
      methods: names.nullable(),
      upstream: z.unknown(),
      auth: z
        .object({
          required: z.boolean(),
          anonymousPaths: names,
          anonymousMethods: names,
          allScopes: names,
          anyScopes: names,
          claims: z.array(z.unknown()),
        })
        .nullable(),
      limits: z.object({ ip: policies, user: policies }),
      bodyLimitBytes: z.number(),
      timeouts: z.object({ totalMs: z.number() }),
      validate: z.array(z.unknown()),
    }),
  ),
});

/** Throws a ZodError for a configuration of another shape. */
export function toGatewayView(config: unknown): GatewayView {
  const { revision, trustedProxies, auth, limits, routes } = configSchema.parse(config);
  return {
    revision,
    trustedProxies,
    isSigning: auth.signing !== null && auth.signing !== undefined,
    providers: auth.providers.map(
      ({ name, algorithms, keys, expected }): ProviderView => ({
        name,
        algorithms,
        issuer: expected.issuer,
        audiences: expected.audiences,
        clockSkewSeconds: expected.clockSkewSeconds,
        keysFrom: keys.from,
      }),
    ),
    policies: limits.policies.map(({ name, by, rate, perSeconds }) => ({ name, by, perSecond: rate / perSeconds })),
    routes: routes.map(
      ({
        id,
        paths,
        methods,
        upstream,
        auth: demand,
        limits: asked,
        bodyLimitBytes,
        timeouts,
        validate,
      }): RouteView => ({
        id,
        paths: paths.map(toPathText),
        methods,
        upstreamHosts: toHosts(upstream),
        auth: demand && {
          isRequired: demand.required,
          anonymous: [...demand.anonymousPaths, ...demand.anonymousMethods],
          isNarrowed: [demand.allScopes, demand.anyScopes, demand.claims].some(({ length }) => length > 0),
        },
        limits: [...asked.ip, ...asked.user].map(({ name }) => name),
        bodyLimitBytes,
        totalMs: timeouts.totalMs,
        isValidated: validate.length > 0,
        hasBreaker: hasBreaker(upstream),
      }),
    ),
  };
}

const patternSchema = z.object({ path: z.string() }).catch({ path: '' });
const upstreamSchema = z
  .object({
    origin: z.string().catch(''),
    endpoints: z.array(z.object({ authority: z.string() })).catch([]),
    dns: z.object({ name: z.string() }).nullish().catch(null),
    breaker: z.object({ minimumRequests: z.number() }).nullish().catch(null),
  })
  .catch({ origin: '', endpoints: [], dns: null, breaker: null });

const toPathText = (pattern: unknown) => patternSchema.parse(pattern).path;
const hasBreaker = (upstream: unknown) => (upstreamSchema.parse(upstream).breaker ?? null) !== null;

/** Names that the stack may know as services. */
function toHosts(upstream: unknown): string[] {
  const { origin, endpoints, dns } = upstreamSchema.parse(upstream);
  const hosts = endpoints.map(({ authority }) => authority.replace(/:\d+$/, ''));
  const first = URL.canParse(origin) ? [new URL(origin).hostname] : [];
  return [...new Set([...hosts, ...first, ...(dns ? [dns.name] : [])])];
}
