import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startBytes } from './bytesUpstream.ts';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';

const HANDSHAKE =
  'GET /app/ws HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

async function startEcho() {
  const upstream = await startUpstream((_req, res) => res.end('http'));
  const echo = new WebSocketServer({ server: upstream.server });
  const seen: { url: string | undefined; headers: NodeJS.Dict<string | string[]> }[] = [];
  echo.on('connection', (socket, req) => {
    seen.push({ url: req.url, headers: req.headers });
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  onTestFinished(() => {
    for (const client of echo.clients) client.terminate();
  });
  return { upstream, echo, seen };
}

test('messages pass both ways, with the path rewritten and our fields added', async () => {
  const { upstream, seen } = await startEcho();
  const { port, recorded } = await startGateway({ upstreamPort: upstream.port });
  const client = new WebSocket(`ws://127.0.0.1:${port}/app/chat?room=a|b`, { headers: { 'x-gatehouse-demo': 'x' } });
  const echoed = await new Promise<string>((resolve, reject) => {
    client.on('error', reject).on('open', () => client.send('hello'));
    client.on('message', (data) => resolve(String(data)));
  });
  expect(echoed).toBe('hello');
  client.close();
  const exchange = await recorded((row) => row.protocol === 'websocket');
  expect(exchange).toMatchObject({
    status: 101,
    route: 'app',
    forwardedPath: '/chat?room=a|b',
    code: null,
    demo: true,
  });
  expect(exchange.responseBytes).toBeGreaterThan(5);
  expect(exchange.requestBytes).toBeGreaterThan(5);
  expect(seen[0]?.url).toBe('/chat?room=a|b');
  expect(seen[0]?.headers).toMatchObject({ host: `127.0.0.1:${upstream.port}`, 'x-forwarded-for': '127.0.0.1' });
  expect(seen[0]?.headers['x-gatehouse-demo']).toBeUndefined();
  expect(seen[0]?.headers.traceparent).toMatch(/^00-/);
});

test('a field that is called like what every object inherits passes as any other', async () => {
  const { upstream, seen } = await startEcho();
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send(HANDSHAKE.replace(/\r\n$/, 'Constructor: one\r\ntoString: two\r\n\r\n'));
  await raw.until((text) => text.startsWith('HTTP/1.1 101'));
  expect(seen[0]?.headers).toMatchObject({ constructor: 'one', tostring: 'two' });
});

test('an upstream that resets during the upgrade is 502, and counts for the breaker', async () => {
  const { port: upstreamPort } = await startBytes((socket) => socket.resetAndDestroy());
  const { port, recorded, admin } = await startGateway({ upstreamPort });
  const raw = await openRawSocket(port);
  raw.send(HANDSHAKE);
  const answer = await raw.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 502 /);
  expect(answer).toContain('"code":"upstream-reset"');
  await recorded((row) => row.code === 'upstream-reset');
  const [breaker] = await admin<{ window: unknown }[]>('/breakers');
  expect(breaker?.window).toEqual({ requests: 1, failures: 1 });
});

test('a refused connection, a silent upstream and an open breaker answer the upgrade with a problem', async () => {
  const gone = await startUpstream(() => undefined);
  await gone.stop();
  const gateway = await startGateway({
    upstreamPort: gone.port,
    yaml: 'defaults: { breaker: { consecutiveConnectFailures: 1 } }',
  });
  const upgrade = async (port: number) => {
    const raw = await openRawSocket(port);
    raw.send(HANDSHAKE);
    return raw.closed();
  };
  expect(await upgrade(gateway.port)).toContain('"code":"upstream-unreachable"');
  expect(await upgrade(gateway.port)).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1[01][\s\S]*"code":"breaker-open"/);

  const { port: silent, open } = await startBytes(() => undefined);
  const slow = await startGateway({
    upstreamPort: silent,
    yaml: 'defaults: { timeouts: { connectMs: 20, responseHeaderMs: 30 } }',
  });
  expect(await upgrade(slow.port)).toContain('"code":"upstream-timeout"');
  await eventually(() => open() === 0);
});

test('a caller that resets while the upstream is asked lets it go', async () => {
  const { port: upstreamPort, open } = await startBytes(() => undefined);
  const { port, admin } = await startGateway({ upstreamPort });
  const raw = await openRawSocket(port);
  raw.send(HANDSHAKE);
  await eventually(() => open() === 1);
  raw.reset();
  await eventually(() => open() === 0);
  await eventually(async () => (await admin<{ inFlight: number }>('/stats')).inFlight === 0);
  expect(await admin('/stats')).toMatchObject({ routes: { app: { status: { aborted: 1 }, upstreamFailures: 0 } } });
});

for (const side of ['caller', 'upstream'] as const) {
  test(`a ${side} that resets an open WebSocket ends the other side too`, async () => {
    const { upstream, echo } = await startEcho();
    const { port, admin } = await startGateway({ upstreamPort: upstream.port });
    const raw = await openRawSocket(port);
    raw.send(HANDSHAKE);
    expect(await raw.until((text) => text.includes('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 101 /);
    if (side === 'caller') raw.reset();
    else for (const client of echo.clients) (client as unknown as { _socket: Socket })._socket.resetAndDestroy();
    await raw.closed();
    await eventually(() => echo.clients.size === 0);
    await eventually(async () => (await admin<{ inFlight: number }>('/stats')).inFlight === 0);
  });
}

test('an upstream that declines the upgrade is heard, also when it breaks off', async () => {
  const plain = await startBytes((socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'));
  const first = await startGateway({ upstreamPort: plain.port });
  const declined = await openRawSocket(first.port);
  declined.send(HANDSHAKE);
  expect(await declined.closed()).toMatch(/^HTTP\/1\.1 403 [\s\S]*no/);
  expect(await first.recorded((row) => row.status === 403)).toMatchObject({ code: null, protocol: 'websocket' });

  const broken = await startBytes((socket) => {
    socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 20\r\n\r\nno', () => socket.resetAndDestroy());
  });
  const second = await startGateway({ upstreamPort: broken.port });
  const cut = await openRawSocket(second.port);
  cut.send(HANDSHAKE);
  await cut.closed();
  await eventually(async () => (await second.admin<{ inFlight: number }>('/stats')).inFlight === 0);
});

test('an answer that declines the upgrade and never ends is cut at the total time of its route', async () => {
  const dripping = await startBytes((socket) => {
    socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 1000000\r\n\r\n');
    const drip = setInterval(() => socket.write('.'), 20);
    socket.once('close', () => clearInterval(drip));
  });
  const gateway = await startGateway({
    upstreamPort: dripping.port,
    yaml: 'defaults: { timeouts: { totalMs: 300 } }',
  });
  const raw = await openRawSocket(gateway.port);
  raw.send(HANDSHAKE);
  expect(await raw.closed()).toMatch(/^HTTP\/1\.1 403 [\s\S]*\.\.\./);
  expect(await gateway.recorded((row) => row.status === 403)).toMatchObject({ note: /not complete in 300 ms/ });
  await eventually(async () => dripping.open() === 0);
});

test('other upgrades than WebSocket go on as plain requests', async () => {
  const upstream = await startUpstream((req, res) => res.end(`upgrade: ${req.headers.upgrade}`));
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send(
    'GET /app HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
  );
  expect(await raw.closed()).toContain('upgrade: undefined');
});
