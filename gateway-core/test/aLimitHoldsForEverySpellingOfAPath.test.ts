// The facts of DESIGN.md: the stricter limit is on the canonical /backend/auth/*, one bucket for all spellings.
import { expect, test } from 'vitest';
import { startGateway, startUpstream } from './fixture.ts';
import { ask, askAs } from './request.ts';

const YAML = `
  - { id: auth, paths: [/api/auth, /api/backend/auth, /backend/auth], upstream: app, rewrite: { prefix: /auth }, limits: [auth] }
  - { id: backend, paths: [/backend, /api/backend], upstream: app, rewrite: { prefix: / }, limits: [wide] }
trustedProxies: [127.0.0.0/8]
limits:
  policies:
    auth: { by: [ip], rate: 3, perSeconds: 3600 }
    wide: { by: [ip], rate: 1000, perSeconds: 3600 }
`;

/** Every way to write the login that was thought of, and whether it is a request at all. */
const SPELLINGS: [path: string, status: number][] = [
  ['/backend/auth/login', 429],
  ['/api/auth/login', 429],
  ['/api/backend/auth/login', 429],
  ['/backend//auth/login', 429],
  ['//backend/auth/login', 429],
  ['/api///backend//auth//login', 429],
  ['/backend/%61uth/login', 429],
  ['/%62ackend/%61%75%74%68/login', 429],
  ['/api/backend/aut%68/login', 429],
  ['/backend/auth/', 429],
  ['/backend/auth', 429],
  ['/backend/auth/login?next=/backend/orders', 429],
  ['/backend/auth/login?', 429],
  ['/backend/auth/login/', 429],
  ['/backend/x/../auth/login', 400],
  ['/backend/./auth/login', 400],
  ['/backend/%2e/auth/login', 400],
  ['/backend/x/%2e%2e/auth/login', 400],
  ['/backend/x/..;/auth/login', 400],
  ['/backend/auth;a=b/login', 400],
  ['/backend%2fauth/login', 400],
  ['/backend/auth%2flogin', 400],
  ['/backend%5cauth/login', 400],
  ['/backend/auth%00/login', 400],
  ['/backend/%c0%61uth/login', 400],
  ['/BACKEND/auth/login', 404],
  ['/backend/authors', 200],
];

async function start() {
  const logins: string[] = [];
  const upstream = await startUpstream((req, res) => {
    if (/^\/auth(\/|\?|$)/.test(req.url ?? '')) logins.push(req.url ?? '');
    res.end('reached');
  });
  return { logins, ...(await startGateway({ upstreamPort: upstream.port, yaml: YAML })) };
}

test('once the bucket of the login is empty, no spelling of it gets through', async () => {
  const { port, logins } = await start();
  for (const path of ['/api/auth/login', '/backend/auth/login', '/api//backend/%61uth/login'])
    expect((await askAs(port, '203.0.113.7', path)).status).toBe(200);
  const answers = [];
  for (const [path] of SPELLINGS) answers.push([path, (await askAs(port, '203.0.113.7', path)).status]);
  expect(answers).toEqual(SPELLINGS);
  expect(logins).toHaveLength(3);
});

test('each spelling takes from the same bucket, and one that is refused as malformed takes nothing', async () => {
  const { port } = await start();
  for (const [path, status] of SPELLINGS.filter((spelling) => spelling[1] === 400))
    expect((await askAs(port, '203.0.113.8', path)).status).toBe(status);
  for (const [index, [path]] of SPELLINGS.filter(([, status]) => status === 429)
    .slice(0, 3)
    .entries()) {
    const answer = await askAs(port, '203.0.113.8', path);
    expect(answer.headers.ratelimit).toMatch(new RegExp(`^"auth";r=${2 - index};`));
  }
  expect((await askAs(port, '203.0.113.9', '/backend/auth/login')).headers.ratelimit).toMatch(/^"auth";r=2;/);
});

test('what else the upstream serves has a bucket of its own', async () => {
  const { port } = await start();
  for (let count = 0; count < 4; count++) await askAs(port, '203.0.113.7', '/backend/auth/login');
  const answer = await askAs(port, '203.0.113.7', '/backend/orders');
  expect([answer.status, answer.headers.ratelimit]).toEqual([200, expect.stringMatching(/^"wide";r=999;/)]);
});

test('CVE-2026-30827: an IPv4 client is one in every spelling of its address, and an IPv6 client one in its network', async () => {
  const { port } = await start();
  const status = async (client: string) => (await askAs(port, client, '/backend/auth/login')).status;
  const same = ['198.51.100.1', '::ffff:198.51.100.1', '::ffff:c633:6401', '0:0:0:0:0:ffff:198.51.100.1'];
  expect(await Promise.all(same.map(status))).toEqual([200, 200, 200, 429]);
  expect(await status('::ffff:198.51.100.2')).toBe(200);
  const network = ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:ffff::', '2001:db8:1:2:3:4:5:6'];
  expect((await Promise.all(network.map(status))).sort()).toEqual([200, 200, 200, 429]);
  expect(await status('2001:db8:1:3::1')).toBe(200);
});

test('a client that no proxy vouches for does not choose its address', async () => {
  const upstream = await startUpstream((_req, res) => res.end('reached'));
  const yaml = YAML.replace('127.0.0.0/8', '192.0.2.1');
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml });
  const statuses = [];
  for (let count = 0; count < 4; count++) {
    const headers = { 'x-forwarded-for': `203.0.113.${count}`, forwarded: `for=203.0.113.${count}` };
    statuses.push((await ask(port, '/backend/auth/login', { headers })).status);
  }
  expect(statuses).toEqual([200, 200, 200, 429]);
});
