import { expect, test } from 'vitest';
import { exchangeRaw } from './rawSocket.ts';
import { bearer, type SecuredGateway, startSecuredGateway } from './securedGateway.ts';

async function codeOf({ base, issuer }: SecuredGateway, claims: Record<string, unknown>) {
  const answer = await fetch(`${base}/secure`, bearer(await issuer.sign(claims)));
  const text = await answer.text();
  if (answer.status === 200) return 'served';
  const { code, detail } = JSON.parse(text) as { code: string; detail: string };
  return { status: answer.status, code, detail, challenge: answer.headers.get('www-authenticate') };
}

test('403 says which scope is missing, in the body and in the challenge', async () => {
  const gateway = await startSecuredGateway({ auth: 'scopes: { all: [orders:read, orders:write] }' });
  expect(await codeOf(gateway, { scope: 'orders:read orders:write x' })).toBe('served');
  expect(await codeOf(gateway, { scp: ['orders:write', 'orders:read'] })).toBe('served');
  expect(await codeOf(gateway, { scope: 'orders:read orders:writer' })).toEqual({
    status: 403,
    code: 'insufficient-scope',
    detail: 'The token lacks the scope orders:write.',
    challenge:
      'Bearer realm="gatehouse", error="insufficient_scope", error_description="The token lacks a scope.", scope="orders:read orders:write"',
  });
  expect(await codeOf(gateway, {})).toMatchObject({ detail: 'The token lacks the scope orders:read, orders:write.' });
  expect(gateway.received).toHaveLength(2);
});

test('of alternatives one scope is enough', async () => {
  const gateway = await startSecuredGateway({ auth: 'scopes: { any: [admin, support] }' });
  expect(await codeOf(gateway, { scope: 'support' })).toBe('served');
  expect(await codeOf(gateway, { scope: 'user' })).toMatchObject({
    code: 'insufficient-scope',
    detail: 'The token lacks one of the scopes admin, support.',
  });
});

test.each<[rule: string, satisfied: Record<string, unknown>[], broken: Record<string, unknown>[], detail: string]>([
  [
    '{ claim: role, equals: admin }',
    [{ role: 'admin' }],
    [{ role: 'Admin' }, { role: ['admin'] }, {}],
    '"role" must be "admin"',
  ],
  ['{ claim: level, equals: 1 }', [{ level: 1 }], [{ level: '1' }, { level: true }], '"level" must be 1'],
  [
    '{ claim: tenant, in: [a, b] }',
    [{ tenant: 'a' }, { tenant: 'b' }],
    [{ tenant: 'c' }, { tenant: ['a'] }, {}],
    '"tenant" must be one of "a", "b"',
  ],
  [
    '{ claim: [realm_access, roles], contains: staff }',
    [{ realm_access: { roles: ['x', 'staff'] } }],
    [{ realm_access: { roles: 'staff' } }, { realm_access: {} }, { 'realm_access.roles': ['staff'] }],
    '"realm_access.roles" must contain "staff"',
  ],
  ['{ claim: constructor, equals: x }', [{ constructor: 'x' }], [{}], '"constructor" must be "x"'],
])('the rule %s', async (rule, satisfied, broken, detail) => {
  const gateway = await startSecuredGateway({ auth: `claims: [${rule}]` });
  for (const claims of satisfied) expect(await codeOf(gateway, claims)).toBe('served');
  for (const claims of broken)
    expect(await codeOf(gateway, claims)).toMatchObject({
      status: 403,
      code: 'insufficient-claims',
      detail: `The token does not say what is asked for: its claim ${detail}.`,
    });
});

/** Two ways in, one upstream: the rule is on what the upstream gets, so that no spelling is a way around it. */
const PLATFORM = {
  route: 'paths: [/backend, /api/backend], rewrite: { prefix: / }',
  auth: 'anonymous: { paths: [/public], methods: [OPTIONS] }',
};

test.each<[target: string, status: number, forwarded: string | null]>([
  ['/backend/public', 200, '/public'],
  ['/backend/public?x=1', 200, '/public?x=1'],
  ['/backend/public/x?y=/secret', 200, '/public/x?y=/secret'],
  ['/api/backend/public/', 200, '/public/'],
  ['//backend///public//x', 200, '/public/x'],
  ['/backend/%70ublic/x', 200, '/public/x'],
  ['http://shop/backend/public/x', 200, '/public/x'],
  ['/backend/orders', 401, null],
  ['/backend', 401, null],
  ['/backend?/public', 401, null],
  ['/backend/publicly', 401, null],
  ['/backend/PUBLIC', 401, null],
  ['/backend/x/public', 401, null],
  ['/backend/public%2Fx', 400, null],
  ['/backend/public/../orders', 400, null],
  ['/backend/public/%2e%2e/orders', 400, null],
  ['/backend/public/.%2e/orders', 400, null],
  ['/backend/public/..;/orders', 400, null],
  ['/backend/public/..%3B/orders', 400, null],
  ['/backend/public/%252e%252e/orders', 200, '/public/%252e%252e/orders'],
  ['/backend/public\\..\\orders', 400, null],
  ['/backend/public%5c..%5corders', 400, null],
  ['/backend/public%00/orders', 400, null],
  ['/backend/./public', 400, null],
  ['/public', 404, null],
])('%s without a token: %i', async (target, status, forwarded) => {
  const { port, received } = await startSecuredGateway(PLATFORM);
  const answer = await exchangeRaw(port, `GET ${target} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n`);
  expect(Number(answer.split(' ')[1])).toBe(status);
  expect(received.map(({ url }) => url)).toEqual(forwarded === null ? [] : [forwarded]);
});

test('a method that takes everybody does so on every path, and looks at no token', async () => {
  const { base, received } = await startSecuredGateway(PLATFORM);
  expect((await fetch(`${base}/backend/orders`, { method: 'OPTIONS', ...bearer('bad') })).status).toBe(200);
  expect((await fetch(`${base}/backend/orders`, { method: 'POST', body: 'x' })).status).toBe(401);
  // The token is kept back all the same: nobody has looked at it.
  expect(received[0]?.headers.authorization).toBeUndefined();
});

test('what is asked for on a path under another is asked for in every spelling', async () => {
  const gateway = await startSecuredGateway({
    route: 'paths: [/shop], rewrite: { prefix: / }',
    routes:
      '  - { id: admin, paths: [/shop/admin], rewrite: { prefix: /admin }, upstream: app, auth: { provider: login, scopes: { all: [admin] } } }',
  });
  const token = await gateway.issuer.sign({ scope: 'user' });
  for (const path of ['/shop/admin', '/shop//admin/x', '/shop/%61dmin', '/shop/admin?x'])
    expect((await fetch(`${gateway.base}${path}`, bearer(token))).status).toBe(403);
  expect((await fetch(`${gateway.base}/shop/orders`, bearer(token))).status).toBe(200);
});
