import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { buildRouteTable } from '../routes/routeTable.ts';

test.each([
  ['provider: login', 'token of login'],
  ['provider: login, required: false', 'token of login or none'],
  [
    'provider: login, scopes: { all: [a, b], any: [c, d] }, claims: [{ claim: role, equals: x }]',
    'token of login with the scopes a, b; one of the scopes c, d; "role" must be "x"',
  ],
])('the route table says of { %s }: %s', (auth, demand) => {
  const config = loadConfig(`version: 1
upstreams: { app: { url: "http://app" } }
routes: [{ id: app, paths: [/app], upstream: app, auth: { ${auth} } }]
auth: { providers: { login: { issuer: i, algorithms: [HS256], keys: { secretEnv: A } } } }`);
  expect(buildRouteTable(config).routes[0]?.sentence).toContain(` → /app/* → ${demand} → body ≤ `);
});
