import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConfigError } from '../config/configError.ts';
import type { GatewayConfig } from '../config/document.ts';
import { loadConfig } from '../config/loadConfig.ts';

const PROVIDER = `issuer: "https://login", algorithms: [RS256], keys: { jwksFile: /keys }`;

interface Parts {
  readonly provider?: string;
  readonly auth?: string;
  readonly route?: string;
  readonly paths?: string;
}

function toText({ provider = PROVIDER, auth = '', route = 'provider: login', paths = 'paths: [/app]' }: Parts): string {
  return `version: 1
upstreams: { app: { url: http://app:8000 } }
routes:
  - { id: app, ${paths}${paths.includes('redirect') ? '' : ', upstream: app'}, auth: { ${route} } }
auth:
  providers:
    login: { ${provider} }
${auth}`;
}

const load = (parts: Parts): GatewayConfig => loadConfig(toText(parts), 'g.yaml');

function problemsOf(parts: Parts): string[] {
  try {
    load(parts);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
}

test('what is left out has its default', () => {
  const config = load({});
  expect(config.auth).toEqual({
    realm: 'gatehouse',
    providers: [
      {
        name: 'login',
        algorithms: ['RS256'],
        keys: { from: 'jwksFile', file: '/keys' },
        expected: {
          provider: 'login',
          issuer: 'https://login',
          audiences: null,
          types: null,
          clockSkewSeconds: 30,
          requiredClaims: [],
          subjectClaim: 'sub',
          scopesClaim: null,
        },
        token: { bearer: true, header: null, cookie: null },
      },
    ],
    identityHeaders: [['x-user-id', '$subject']],
    signing: null,
    recordSubject: 'no',
  });
  expect(config.routes[0]?.auth).toEqual({
    provider: config.auth.providers[0],
    required: true,
    allScopes: [],
    anyScopes: [],
    claims: [],
    anonymousPaths: [],
    anonymousMethods: [],
    forwardToken: false,
  });
});

test('without auth nothing is asked, and no field of a user is taken away', () => {
  const config = loadConfig(
    'version: 1\nupstreams: { app: { url: "http://app:8000" } }\nroutes: [{ id: app, paths: [/app], upstream: app }]',
  );
  expect(config.auth).toMatchObject({ providers: [], identityHeaders: [], signing: null });
  expect(config.routes[0]?.auth).toBeNull();
});

test.each<[what: string, parts: Parts, problem: RegExp]>([
  [
    'a provider that is not there',
    { route: 'provider: logn' },
    /^g\.yaml:4:\d+: routes\[0\]\.auth\.provider: route "app" names the provider "logn", .*known are login/,
  ],
  ['a provider from the prototype', { route: 'provider: toString' }, /names the provider "toString"/],
  [
    'no source of keys',
    { provider: PROVIDER.replace('jwksFile: /keys', '') },
    /^g\.yaml:7:\d+: auth\.providers\.login\.keys: there are 0 sources of keys; give one of jwksUrl/,
  ],
  ['two sources of keys', { provider: PROVIDER.replace('/keys', '/keys, secretEnv: A') }, /there are 2 sources/],
  ['no issuer', { provider: PROVIDER.replace('issuer: "https://login", ', '') }, /the key "issuer" is missing/],
  ['an algorithm that is none', { provider: PROVIDER.replace('RS256', 'none') }, /algorithms\[0\]: "none" must be/],
  [
    'a secret for RS256',
    { provider: PROVIDER.replace('jwksFile', 'secretFile') },
    /algorithms: a secret is bound to one algorithm/,
  ],
  [
    'a secret for two algorithms',
    { provider: PROVIDER.replace('jwksFile', 'secretFile').replace('RS256', 'HS256, HS384') },
    /a secret is bound to one algorithm/,
  ],
  [
    'HS256 with keys that everybody can read',
    { provider: PROVIDER.replace('jwksFile: /keys', 'jwksUrl: "https://login/keys"').replace('RS256', 'RS256, HS256') },
    /HS256 takes a secret, and the keys of jwksUrl are public/,
  ],
  [
    'a URL of another scheme',
    { provider: PROVIDER.replace('jwksFile: /keys', 'jwksUrl: "file:///keys"') },
    /jwksUrl: "file:\/\/\/keys" has the scheme file/,
  ],
  [
    'a URL with a password',
    { provider: PROVIDER.replace('jwksFile: /keys', 'jwksUrl: "https://a:secret@login/"') },
    /^(?!.*secret).*carries a name and password/,
  ],
  [
    'an age of keys that do not age',
    { provider: PROVIDER.replace('/keys', '/keys, refreshSeconds: 60') },
    /"refreshSeconds" is for jwksUrl alone/,
  ],
  ['too much skew', { provider: `${PROVIDER}, clockSkewSeconds: 301` }, /clockSkewSeconds: 301 must be <= 300/],
  ['a token nowhere', { provider: `${PROVIDER}, token: { bearer: false }` }, /a token may stand nowhere/],
  [
    'a token in a field of HTTP',
    { provider: `${PROVIDER}, token: { header: Cookie }` },
    /there is "bearer" and "cookie"/,
  ],
  [
    'an origin with a path',
    { provider: `${PROVIDER}, token: { cookie: { name: s, origins: ["https://shop/"] } }` },
    /origins\[0\]: "https:\/\/shop\/" is not an origin/,
  ],
  ['a cookie without origins', { provider: `${PROVIDER}, token: { cookie: { name: s } } ` }, /"origins" is missing/],
  [
    'scopes that who has none can avoid',
    { route: 'provider: login, required: false, scopes: { all: [a] }' },
    /auth\.required: whoever lacks a scope or claim could leave the token out/,
  ],
  ['a scope with a space', { route: 'provider: login, scopes: { all: [a b] }' }, /"a b" must match pattern/],
  [
    'a rule without a test',
    { route: 'provider: login, claims: [{ claim: a }]' },
    /one of equals, in, contains; this has 0/,
  ],
  [
    'a rule with two tests',
    { route: 'provider: login, claims: [{ claim: a, equals: 1, in: [1] }]' },
    /claims\[0\]: a rule has one of equals, in, contains; this has 2/,
  ],
  [
    'an anonymous path that cannot match',
    { route: 'provider: login, anonymous: { paths: [/%61pp] }' },
    /anonymous\.paths\[0\]: "\/%61pp" would never match; write it as "\/app"/,
  ],
  ['an anonymous path as a pattern', { route: 'provider: login, anonymous: { paths: ["/app/*"] }' }, /is a pattern/],
  [
    'an anonymous path of another upstream',
    { route: 'provider: login, anonymous: { paths: [/public] }' },
    /gets paths under \/app, so "\/public" would never match/,
  ],
  [
    'an anonymous path before it is rewritten',
    {
      paths: 'paths: [/app], rewrite: { prefix: /v1 }',
      route: 'provider: login, anonymous: { paths: [/app/public] }',
    },
    /gets paths under \/v1/,
  ],
  [
    'a field of HTTP for a claim',
    { auth: '  identity: { headers: { Host: sub } }' },
    /auth\.identity\.headers\.Host: the field Host has a meaning of its own/,
  ],
  [
    'a field of the gateway for a claim, in another spelling',
    { auth: '  identity: { headers: { X_Gatehouse_Identity: sub } }' },
    /has a meaning of its own/,
  ],
  [
    'two spellings of one field',
    { auth: '  identity: { headers: { x-user-id: sub, X_User_Id: email } }' },
    /X_User_Id and x-user-id are one field to many servers/,
  ],
  [
    'a name that is not known',
    { auth: '  identity: { headers: { x-a: $scope } }' },
    /"\$scope" is not known; there are/,
  ],
  ['a signature without a key', { auth: '  identity: { signed: {} }' }, /auth\.identity\.signed: there are 0 keys/],
  [
    'a signature that counts for long',
    { auth: '  identity: { signed: { secretEnv: A, lifetimeSeconds: 31 } }' },
    /lifetimeSeconds: 31 must be <= 30/,
  ],
  [
    'a redirect that asks for a token',
    { paths: 'paths: [/app], redirect: { to: /x }' },
    /routes\[0\]\.auth: route "app" redirects, and everybody gets a redirect; remove auth/,
  ],
  [
    'a header rule that says who a caller is',
    { paths: 'paths: [/app], headers: { request: { set: { X-User-Id: admin } } }' },
    /routes\[0\]\.headers\.request\.set\.X-User-Id: the gateway writes X-User-Id itself/,
  ],
  ['a realm that ends its own quotes', { auth: `  realm: 'a"b'` }, /realm: .* must match pattern/],
])('%s is refused, with its place and a remedy', (_what, parts, problem) => {
  expect(problemsOf(parts)[0]).toMatch(problem);
});

test('the examples of docs/authentication.md are valid', () => {
  const text = readFileSync(new URL('../../docs/authentication.md', import.meta.url), 'utf8');
  const [routes = '', identity = ''] = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml);
  const document = `version: 1\nupstreams: { backend: { url: "http://backend" } }\n${routes}`;
  const signed = identity.replace('auth:\n', '');
  const config = loadConfig(document.replace('auth:\n', `auth:\n${signed}`));
  expect(config.routes[0]?.auth).toMatchObject({ allScopes: ['orders:read'], claims: [{ test: 'contains' }] });
  expect(config.auth).toMatchObject({ signing: { from: 'secretFile' }, providers: [{ name: 'login' }] });
});
