import { expect, test } from 'vitest';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';

const HOST = 'Host: shop\r\n';
const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\n${HOST}${fields}\r\n`;
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

/** An upstream whose answers wait until they are released, by path. */
async function startHeld() {
  const held = new Map<string, () => void>();
  const seen: string[] = [];
  const upstream = await startUpstream((req, res) => {
    seen.push(req.url ?? '');
    held.set(req.url ?? '', () => res.end(`answer to ${req.url};`));
  });
  return { upstream, seen, release: (path: string) => held.get(path)?.() };
}

const statusesOf = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);

test('answers wait for those before them, however fast their upstream is', async () => {
  const { upstream, seen, release } = await startHeld();
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send(get('/app/1') + get('/app/2') + get('/app/3', 'Connection: close\r\n'));
  await eventually(() => seen.length === 3);
  release('/3');
  release('/2');
  release('/1');
  const bodies = (await raw.closed()).match(/answer to \/\d/g);
  expect(bodies).toEqual(['answer to /1', 'answer to /2', 'answer to /3']);
});

test.each([
  ['bytes that are no request', 'garbage\r\n\r\n', '400'],
  ['a malformed request', `GET /app/2 HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, '400'],
  ['header fields that are too large', `GET /app/2 HTTP/1.1\r\n${HOST}X: ${'a'.repeat(20_000)}\r\n\r\n`, '431'],
  ['a body that is malformed', `POST /app/2 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, '400'],
  ['an upgrade', get('/app/2', UPGRADE), '400'],
  ['CONNECT', `CONNECT shop:80 HTTP/1.1\r\n${HOST}\r\n`, '405'],
])('%s behind a request waits for its answer, then is refused', async (_what, bytes, status) => {
  const { upstream, seen, release } = await startHeld();
  const { port, admin } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send(get('/app/1') + bytes);
  await eventually(() => seen.includes('/1'));
  release('/1');
  const answer = await raw.closed();
  expect(statusesOf(answer)).toEqual(['200', status]);
  expect(answer).toMatch(/answer to \/1;[\s\S]*HTTP\/1\.1 4/);
  expect(seen.filter((path) => path !== '/1' && path !== '/2')).toEqual([]);
  await eventually(async () => (await admin<{ inFlight: number }>('/stats')).inFlight === 0);
});

test('what comes behind a request with Connection: close is not read, and takes nothing from its answer', async () => {
  const { upstream, seen, release } = await startHeld();
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send(get('/app/1', 'Connection: close\r\n') + get('/app/2'));
  await eventually(() => seen.includes('/1'));
  raw.send('and more garbage');
  release('/1');
  expect(statusesOf(await raw.closed())).toEqual(['200']);
  expect(seen).toEqual(['/1']);
});

test('a request behind a refused body is not carried out: its answer could not be sent', async () => {
  const { upstream, seen } = await startHeld();
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: 'defaults: { bodyLimitBytes: 3 }' });
  const raw = await openRawSocket(port);
  raw.send(`POST /app/1 HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhell`);
  await raw.until((text) => text.startsWith('HTTP/1.1 413 '));
  raw.send(`o${get('/app/2')}`);
  const answer = await raw.closed();
  expect(statusesOf(answer)).toEqual(['413']);
  expect(answer).toMatch(/connection: close/i);
  expect(seen).toEqual([]);
});

test('a malformed body is answered for by its own exchange', async () => {
  const upstream = await startUpstream((req) => void req.on('error', () => undefined).resume());
  const { port, recorded, admin } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send(`POST /app/1 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`);
  await eventually(async () => (await admin<{ inFlight: number }[]>('/upstreams'))[0]?.inFlight === 1);
  raw.send('xyz\r\n');
  expect(statusesOf(await raw.closed())).toEqual(['400']);
  expect(await recorded((row) => row.path === '/app/1')).toMatchObject({ status: 400, code: 'bad-request' });
  const stats = await admin<{ routes: Record<string, unknown> }>('/stats');
  expect(stats.routes.app).toMatchObject({ requests: 1, status: { '4xx': 1 }, upstreamFailures: 0 });
  expect(stats.routes['-']).toMatchObject({ requests: 0 });
});

test('the last request that a connection may carry is answered with Connection: close', async () => {
  const upstream = await startUpstream((req, res) => res.end(`answer to ${req.url};`));
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: 'server: { maxRequestsPerConnection: 2 }' });
  const raw = await openRawSocket(port);
  raw.send(get('/app/1') + get('/app/2') + get('/app/3'));
  const answer = await raw.closed();
  expect(statusesOf(answer)).toEqual(['200', '200']);
  expect(answer.match(/connection: [a-z-]+/gi)).toEqual(['Connection: keep-alive', 'Connection: close']);
});

test('HTTP/1.0 is kept alive only when it asks for it and the length is known', async () => {
  const upstream = await startUpstream((req, res) => {
    if (req.url === '/sized') res.writeHead(200, { 'content-length': 2 }).end('ok');
    else void res.writeHead(200).write('o', () => res.end('k'));
  });
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const old = (path: string) => `GET ${path} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`;
  const raw = await openRawSocket(port);
  raw.send(old('/app/sized'));
  expect(await raw.until((text) => text.endsWith('ok'))).toMatch(/connection: keep-alive/i);
  raw.send(old('/app/streamed'));
  const answer = await raw.closed();
  expect(statusesOf(answer)).toEqual(['200', '200']);
  expect(answer).not.toMatch(/transfer-encoding/i);
  expect(answer.endsWith('\r\n\r\nok')).toBe(true);
});

test('of many requests at once some wait until others are answered, and all are answered in order', async () => {
  const held: (() => void)[] = [];
  const upstream = await startUpstream((req, res) => void held.push(() => res.end(`answer to ${req.url};`)));
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  const paths = Array.from({ length: 100 }, (_, index) => `/${index}`);
  raw.send(paths.map((path) => get(`/app${path}`)).join(''));
  await eventually(() => held.length === 32);
  while (!raw.received().includes('answer to /99;')) {
    for (const release of held.splice(0)) release();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(raw.received().match(/answer to [^;]+/g)).toEqual(paths.map((path) => `answer to ${path}`));
  raw.reset();
});

test('a client that leaves while nobody wants its body yet is let go', async () => {
  const { upstream, seen } = await startHeld();
  const upstreams = `  few: { url: "http://127.0.0.1:${upstream.port}", concurrency: { maxInFlight: 1, maxQueued: 5, maxQueueMs: 60000 } }`;
  const yaml = '  - { id: few, paths: [/few], upstream: few }';
  const { port, recorded, admin } = await startGateway({ upstreamPort: upstream.port, upstreams, yaml });
  const first = await openRawSocket(port);
  first.send(get('/few/1'));
  await eventually(() => seen.length === 1);
  const second = await openRawSocket(port);
  second.send(`POST /few/2 HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello`);
  second.socket.end();
  expect(await second.closed()).toBe('');
  expect(await recorded((row) => row.path === '/few/2')).toMatchObject({ status: null });
  first.reset();
  await eventually(async () => (await admin<{ inFlight: number }>('/stats')).inFlight === 0);
  expect(seen).toHaveLength(1);
});
