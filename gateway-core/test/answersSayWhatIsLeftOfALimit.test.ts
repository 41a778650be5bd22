import { expect, test } from 'vitest';
import { startGateway, startUpstream } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';
import { ask, askAs } from './request.ts';

const YAML = `
  - { id: narrow, paths: [/narrow], upstream: app, limits: [per-ip, per-route] }
  - { id: free, paths: [/free], upstream: app, limits: [] }
trustedProxies: [127.0.0.0/8]
defaults: { limits: [per-ip] }
limits:
  policies:
    per-ip: { by: [ip], rate: 60, perSeconds: 3600, burst: 3 }
    per-route: { by: [route], rate: 1, perSeconds: 3600, burst: 5 }
`;

async function start(yaml = YAML) {
  const upstream = await startUpstream((req, res) => {
    if (req.url === '/fails') res.writeHead(500);
    res.setHeader('ratelimit', '"inner";r=7;t=1');
    res.end('reached');
  });
  return startGateway({ upstreamPort: upstream.port, yaml });
}

test('an admitted answer says the policy, what is left and when there is more', async () => {
  const { port } = await start();
  const { status, headers } = await ask(port, '/app');
  expect(status).toBe(200);
  expect(headers['ratelimit-policy']).toBe('"per-ip";q=3;w=180');
  // Beside what the upstream says of its own.
  expect(headers.ratelimit).toMatch(/^"inner";r=7;t=1, "per-ip";r=2;t=60$/);
});

test('429 is a problem with the policy that was violated, and Retry-After is when the request would be admitted', async () => {
  const { port, recorded } = await start();
  for (let count = 0; count < 3; count++) await ask(port, '/app');
  const { status, headers, body } = await ask(port, '/app');
  expect([status, headers['content-type'], headers['retry-after']]).toEqual([429, 'application/problem+json', '60']);
  expect(JSON.parse(body)).toMatchObject({
    type: 'urn:gatehouse:problem:rate-limited',
    status: 429,
    code: 'rate-limited',
    'violated-policies': ['per-ip'],
  });
  expect([headers['ratelimit-policy'], headers.ratelimit]).toEqual(['"per-ip";q=3;w=180', '"per-ip";r=0;t=60']);
  const { stages } = await recorded((row) => row.status === 429);
  expect(stages.find(({ stage }) => stage === 'ip-limit')).toMatchObject({
    outcome: 'stop',
    sentence: 'Too many requests: per-ip gives back 60 in 3600 s; try again in 60 s.',
  });
});

test('an answer of the gateway itself and an upgrade that is made say it too', async () => {
  const { port } = await start();
  const upstream = await startUpstream((_req, res) => res.end());
  // The accept of the key below (RFC 6455, 4.2.2).
  const accept = 'Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=';
  upstream.server.on('upgrade', (_req, socket) => {
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${accept}\r\n\r\n`);
  });
  const sockets = await startGateway({ upstreamPort: upstream.port, yaml: YAML });
  const raw = await openRawSocket(sockets.port);
  raw.send(
    'GET /app HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  expect(await raw.until((text) => text.includes('\r\n\r\n'))).toMatch(/101[\s\S]*ratelimit: "per-ip";r=2;t=60/i);

  const tooLarge = await ask(port, '/app', { method: 'POST', headers: { 'content-length': '99999999' } });
  expect([tooLarge.status, tooLarge.headers.ratelimit]).toEqual([413, undefined]);
  const missing = await ask(port, '/nowhere');
  expect([missing.status, missing.headers.ratelimit]).toEqual([404, undefined]);
  await upstream.stop();
  const failed = await ask(sockets.port, '/app');
  expect([failed.status, failed.headers.ratelimit]).toEqual([502, '"per-ip";r=1;t=60']);
});

test('a route without a limit says nothing', async () => {
  const { port } = await start();
  const { headers } = await ask(port, '/free');
  expect([headers.ratelimit, headers['ratelimit-policy']]).toEqual(['"inner";r=7;t=1', undefined]);
});

test('both stages say their policies, as members of one list', async () => {
  const { port } = await start();
  const { headers } = await askAs(port, '203.0.113.1', '/narrow');
  expect(headers['ratelimit-policy']).toBe('"per-ip";q=3;w=180, "per-route";q=5;w=18000');
  expect(headers.ratelimit).toBe('"inner";r=7;t=1, "per-ip";r=2;t=60, "per-route";r=4;t=3600');
});
