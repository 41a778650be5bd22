import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startBytes } from './bytesUpstream.ts';
import { eventually, startGateway, startUpstream, type TestGateway } from './fixture.ts';
import { openRawSocket, type RawSocket } from './rawSocket.ts';

const KEY = 'AAAAAAAAAAAAAAAAAAAAAA==';
const HANDSHAKE = `GET /app/ws HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`;
const ACCEPT = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const ACCEPTED = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n\r\n`;

async function startServer(onConnection: (socket: WebSocket) => void, options: object = {}) {
  const upstream = await startUpstream((_req, res) => res.end('http'));
  const server = new WebSocketServer({ server: upstream.server, ...options });
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
  });
  return { port: upstream.port, server };
}

async function connect(gateway: TestGateway, protocols: string[] = []): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${gateway.port}/app/ws`, protocols);
  client.on('error', () => undefined);
  onTestFinished(() => client.terminate());
  await once(client, 'open');
  return client;
}

async function shake(port: number): Promise<RawSocket> {
  const raw = await openRawSocket(port);
  onTestFinished(() => raw.reset());
  raw.send(HANDSHAKE);
  return raw;
}

const noneInFlight = (gateway: TestGateway) => async () =>
  (await gateway.admin<{ inFlight: number }>('/stats')).inFlight === 0;

test('subprotocols are agreed between the two sides', async () => {
  const { port } = await startServer(() => undefined, {
    handleProtocols: (offered: Set<string>) => (offered.has('chat.v2') ? 'chat.v2' : false),
  });
  const gateway = await startGateway({ upstreamPort: port });
  expect((await connect(gateway, ['chat.v1', 'chat.v2'])).protocol).toBe('chat.v2');
});

test.each([
  [1000, 'done'],
  [4321, 'own reason'],
])('close code %i passes from either side', async (code, reason) => {
  const { port, server } = await startServer((socket) => {
    socket.on('message', (text) => String(text) === 'close' && socket.close(code, reason));
  });
  const gateway = await startGateway({ upstreamPort: port });
  const told = await connect(gateway);
  told.send('close');
  const [gotCode, gotReason] = await once(told, 'close');
  expect([gotCode, String(gotReason)]).toEqual([code, reason]);

  const telling = await connect(gateway);
  await eventually(() => server.clients.size === 1);
  const heard = once([...server.clients][0] as WebSocket, 'close');
  telling.close(code, reason);
  const [heardCode, heardReason] = await heard;
  expect([heardCode, String(heardReason)]).toEqual([code, reason]);
  await eventually(noneInFlight(gateway));
});

test('pings reach the other side and are answered by it', async () => {
  const { port, server } = await startServer(() => undefined);
  const gateway = await startGateway({ upstreamPort: port });
  const client = await connect(gateway);
  client.ping('from the client');
  expect(String((await once(client, 'pong'))[0])).toBe('from the client');
  const [other] = [...server.clients];
  other?.ping('from the server');
  expect(String((await once(other as WebSocket, 'pong'))[0])).toBe('from the server');
});

test('a frame of 20 MB arrives whole both ways', async () => {
  const { port } = await startServer((socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  const client = await connect(await startGateway({ upstreamPort: port }));
  const sent = randomBytes(20_000_000);
  client.send(sent);
  const [got] = (await once(client, 'message')) as [Buffer];
  expect(got.equals(sent)).toBe(true);
});

test('a side that does not read stops the other one', async () => {
  let written = 0;
  const { port } = await startBytes((socket) => {
    socket.write(ACCEPTED);
    const block = Buffer.alloc(1_000_000, 120);
    const write = () => {
      while (written < 100_000_000) {
        written += block.length;
        if (!socket.write(block)) return void socket.once('drain', write);
      }
    };
    write();
  });
  const gateway = await startGateway({ upstreamPort: port });
  const raw = await shake(gateway.port);
  await raw.until((text) => text.startsWith('HTTP/1.1 101'));
  raw.socket.pause();
  let before = -1;
  await eventually(async () => {
    const still = written === before;
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 150));
    return still && written === before;
  });
  expect(written).toBeLessThan(40_000_000);
});

test('a caller that does not read is cut like any other, and leaves a note', async () => {
  const { port, open } = await startBytes((socket) => {
    socket.write(ACCEPTED);
    socket.write(Buffer.alloc(50_000_000, 120));
  });
  const gateway = await startGateway({
    upstreamPort: port,
    yaml: 'server: { minBytesPerSecond: 4000, slowWindowMs: 500 }',
  });
  const raw = await shake(gateway.port);
  await raw.until((text) => text.startsWith('HTTP/1.1 101'));
  raw.socket.pause();
  const exchange = await gateway.recorded((row) => row.protocol === 'websocket');
  expect(exchange).toMatchObject({ status: 101, note: 'the caller took less than 2000 bytes of its answer in 500 ms' });
  await eventually(() => open() === 0);
});

test('a caller that has said all still gets what the upstream says', async () => {
  const { port } = await startBytes((socket) => {
    socket.write(ACCEPTED);
    socket.once('end', () => socket.end('last words'));
    socket.resume();
  }, true);
  const raw = await shake((await startGateway({ upstreamPort: port })).port);
  await raw.until((text) => text.startsWith('HTTP/1.1 101'));
  raw.socket.end('that is all');
  expect(await raw.closed()).toMatch(/last words$/);
});

test('one in which nothing is said is ended after its idle time, one with pings is not', async () => {
  const { port } = await startServer(() => undefined);
  const gateway = await startGateway({ upstreamPort: port, yaml: 'defaults: { websocket: { idleMs: 600 } }' });
  const [silent, lively] = [await connect(gateway), await connect(gateway)];
  const timer = setInterval(() => lively.ping(), 100);
  onTestFinished(() => clearInterval(timer));
  await once(silent, 'close');
  expect(await gateway.recorded((row) => row.protocol === 'websocket')).toMatchObject({
    status: 101,
    code: null,
    note: 'neither side sent anything for 600 ms',
  });
  expect(lively.readyState).toBe(WebSocket.OPEN);
});

test('no more than the route may have are open, and a place that is left is taken again', async () => {
  const { port } = await startServer(() => undefined);
  const gateway = await startGateway({ upstreamPort: port, yaml: 'defaults: { websocket: { maxOpen: 1 } }' });
  const first = await connect(gateway);
  const refused = await (await shake(gateway.port)).closed();
  expect(refused).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 5[\s\S]*"code":"websockets-exhausted"/);
  const metrics = async () => (await fetch(`http://127.0.0.1:${gateway.port}/metrics`)).text();
  expect(await metrics()).toContain('gatehouse_gateway_open_websockets 1');
  first.terminate();
  await eventually(async () => (await metrics()).includes('gatehouse_gateway_open_websockets 0'));
  await connect(gateway);
});

test.each([
  ['no answer to the handshake', ACCEPTED.replace(ACCEPT, 'b'.repeat(27))],
  ['no answer to the handshake at all', ACCEPTED.replace(`Sec-WebSocket-Accept: ${ACCEPT}\r\n`, '')],
  ['another protocol', ACCEPTED.replace('Upgrade: websocket', 'Upgrade: h2c')],
])('an upstream that switches with %s is 502', async (_what, bytes) => {
  const { port, open } = await startBytes((socket) => void socket.write(bytes));
  const gateway = await startGateway({ upstreamPort: port });
  expect(await (await shake(gateway.port)).closed()).toMatch(/^HTTP\/1\.1 502 [\s\S]*"code":"upstream-bad-response"/);
  await eventually(() => open() === 0);
  await eventually(noneInFlight(gateway));
});

test('an upstream that declines is passed on no faster than the caller reads', async () => {
  let written = 0;
  const { port } = await startBytes((socket) => {
    socket.write('HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\nServer: secret\r\n\r\n');
    const block = `f4240\r\n${'x'.repeat(1_000_000)}\r\n`;
    const write = () => {
      while (written < 100_000_000) {
        written += 1_000_000;
        if (!socket.write(block)) return void socket.once('drain', write);
      }
      socket.write('0\r\n\r\n');
    };
    write();
  });
  const gateway = await startGateway({ upstreamPort: port });
  const raw = await shake(gateway.port);
  const head = await raw.until((text) => text.includes('\r\n\r\n'));
  expect(head).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*connection: close\r\n/i);
  expect(head.slice(0, head.indexOf('\r\n\r\n'))).not.toMatch(/secret|transfer-encoding/i);
  raw.socket.pause();
  let before = -1;
  await eventually(async () => {
    const still = written === before;
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 150));
    return still && written === before;
  });
  expect(written).toBeLessThan(40_000_000);
});
