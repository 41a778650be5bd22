import { expect, test } from 'vitest';
import { startGateway, startUpstream } from './fixture.ts';
import { exchangeRaw } from './rawSocket.ts';

const ROUTES = `
  - { id: old, paths: [/old], redirect: { to: /app/new, status: 308, keepRest: true } }
  - { id: user, paths: [{ template: "/u/{id}" }], redirect: { to: "https://elsewhere.example/users/{id}", status: 301, preserveQuery: false } }
  - { id: version, paths: [/app], matchHeaders: { X-Version: { equals: "2" } }, redirect: { to: /v2 } }
  - { id: get, paths: [{ exact: /only }], methods: [GET], upstream: app }
forwarding: { via: gateway-of-the-shop }
`;
const ask = (line: string, fields = '') =>
  `${line} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n${fields}\r\n`;

async function start() {
  const seen: string[] = [];
  const upstream = await startUpstream((req, res) => {
    seen.push(`${req.method} ${req.url} ${req.headers['max-forwards'] ?? ''}`.trim());
    res.end('upstream');
  });
  return { seen, ...(await startGateway({ upstreamPort: upstream.port, yaml: ROUTES })) };
}

test.each<[line: string, status: number, location: string]>([
  ['GET /old', 308, '/app/new'],
  ['GET /old/a/b?c=d', 308, '/app/new/a/b?c=d'],
  ['POST /old/%61', 308, '/app/new/a'],
  ['HEAD /old', 308, '/app/new'],
  ['GET /u/7?secret=1', 301, 'https://elsewhere.example/users/7'],
  ['GET /old//evil.example', 308, '/app/new/evil.example'],
  ['GET //old', 308, '/app/new'],
])('%s is redirected with %i to %s', async (line, status, location) => {
  const { port, seen, recorded } = await start();
  const answer = await exchangeRaw(port, ask(line));
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(/\r\nlocation: (.*)\r\n/.exec(answer)?.[1]).toBe(location);
  expect(answer).toMatch(/\r\ncontent-length: 0\r\n[\s\S]*\r\n\r\n$/);
  expect(seen).toEqual([]);
  const exchange = await recorded(() => true);
  expect(exchange).toMatchObject({ status, upstream: null, code: null });
  expect(['old', 'user']).toContain(exchange.route);
});

test('a redirect is counted by its own name', async () => {
  const { port, admin, recorded } = await start();
  await exchangeRaw(port, ask('GET /old'));
  await recorded((row) => row.status === 308);
  expect(await admin('/stats')).toMatchObject({ routes: { old: { requests: 1, status: { '3xx': 1 } } } });
});

test('the host that a client names never gets into a Location', async () => {
  const { port } = await start();
  const answer = await exchangeRaw(port, ask('GET /old').replace('shop.example', 'evil.example'));
  expect(answer).not.toContain('evil.example');
});

test('a route asks for header fields', async () => {
  const { port } = await start();
  expect(await exchangeRaw(port, ask('GET /app/x', 'x-version: 2\r\n'))).toMatch(
    /^HTTP\/1\.1 307 [\s\S]*location: \/v2\r\n/,
  );
  for (const fields of ['', 'X-Version: 3\r\n', 'X-Version: 2\r\nX-Version: 2\r\n'])
    expect(await exchangeRaw(port, ask('GET /app/x', fields))).toMatch(/^HTTP\/1\.1 200 /);
});

test('an exact path takes nothing below it, and says what it takes', async () => {
  const { port } = await start();
  expect(await exchangeRaw(port, ask('GET /only'))).toMatch(/^HTTP\/1\.1 200 /);
  expect(await exchangeRaw(port, ask('GET /only/'))).toMatch(/^HTTP\/1\.1 404 /);
  expect(await exchangeRaw(port, ask('PUT /only'))).toMatch(/^HTTP\/1\.1 405 [\s\S]*allow: GET\r\n/);
});

test('OPTIONS of the server as a whole, and of one that may go no further, are answered here', async () => {
  const { port, seen } = await start();
  for (const line of ['OPTIONS *', 'OPTIONS http://shop.example'])
    expect(await exchangeRaw(port, ask(line))).toMatch(/^HTTP\/1\.1 204 [\s\S]*allow: GET, HEAD, /);
  expect(await exchangeRaw(port, ask('OPTIONS /app', 'Max-Forwards: 0\r\n'))).toMatch(
    /^HTTP\/1\.1 204 [\s\S]*allow: GET, HEAD, /,
  );
  expect(seen).toEqual([]);
  expect(await exchangeRaw(port, ask('OPTIONS /app/x', 'Max-Forwards: 2\r\n'))).toMatch(/^HTTP\/1\.1 200 /);
  expect(seen).toEqual(['OPTIONS /x 1']);
});

test('a request that comes back is 508, whoever brings it', async () => {
  const upstream = await startUpstream(() => undefined);
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: 'forwarding: { via: loop }' });
  const passes: (string | undefined)[] = [];
  // The upstream sends what it gets to the gateway again, as a name that points to the wrong place does.
  upstream.server.removeAllListeners('request').on('request', async (req, res) => {
    passes.push(req.headers.via);
    const again = await fetch(`http://127.0.0.1:${gateway.port}/app/again`, {
      headers: { via: req.headers.via ?? '' },
    });
    res.writeHead(again.status).end(await again.text());
  });
  const answer = await exchangeRaw(gateway.port, ask('GET /app', 'Via: 1.1 edge\r\n'));
  expect(answer).toMatch(/^HTTP\/1\.1 508 [\s\S]*"code":"loop-detected"/);
  expect(passes).toEqual(['1.1 edge, 1.1 loop']);
});

test('a WebSocket to a redirect gets the redirect', async () => {
  const { port } = await start();
  const upgrade =
    'GET /old HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
  expect(await exchangeRaw(port, upgrade)).toMatch(/^HTTP\/1\.1 308 [\s\S]*location: \/app\/new\r\n/);
});
