import { createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`;

/** An upstream that speaks bytes, not HTTP. */
async function startRawUpstream(onRequest: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => onRequest(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

test('an upstream that dies in mid-body cuts the answer, which counts as its failure', async () => {
  const upstreamPort = await startRawUpstream((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this', () => socket.resetAndDestroy());
  });
  const { port, recorded, admin } = await startGateway({ upstreamPort });
  const raw = await openRawSocket(port);
  raw.send(GET('/app/cut'));
  const answer = await raw.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(answer.length).toBeLessThan(1000);
  const exchange = await recorded((row) => row.path === '/app/cut');
  expect(exchange).toMatchObject({ status: 200, code: 'upstream-reset' });
  expect(exchange.note).toMatch(/connection broken by 127\.0\.0\.1:\d+ after 9 bytes/);
  const stats = await admin<{ inFlight: number; routes: Record<string, unknown> }>('/stats');
  expect(stats.inFlight).toBe(0);
  expect(stats.routes.app).toMatchObject({ requests: 1, status: { '5xx': 1 }, upstreamFailures: 1 });
});

const badAnswers: [name: string, bytes: string, status: number, code: string][] = [
  ['closes without an answer', '', 502, 'upstream-reset'],
  ['answers something else than HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 502, 'upstream-bad-response'],
  [
    'sends two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    502,
    'upstream-bad-response',
  ],
  ['sends endless header fields', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`, 502, 'upstream-bad-response'],
  [
    'switches protocols unasked',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    502,
    'upstream-reset',
  ],
];
for (const [name, bytes, status, code] of badAnswers) {
  test(`an upstream that ${name} is answered for with ${code}`, async () => {
    const upstreamPort = await startRawUpstream((socket) => socket.end(bytes));
    const { port } = await startGateway({ upstreamPort });
    const response = await fetch(`http://127.0.0.1:${port}/app`);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });
}

test('an upstream that sends more than its Content-Length does not break the gateway', async () => {
  const upstreamPort = await startRawUpstream((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
  });
  const { port } = await startGateway({ upstreamPort });
  for (let index = 0; index < 3; index++) expect(await (await fetch(`http://127.0.0.1:${port}/app`)).text()).toBe('ok');
});

test('a refused connection is 502, and a silent upstream 504', async () => {
  const { port: free, stop } = await startUpstream((_req, res) => res.end());
  await stop();
  const refused = await startGateway({ upstreamPort: free });
  const answer = await fetch(`http://127.0.0.1:${refused.port}/app`);
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({ code: 'upstream-unreachable', detail: 'Connection refused by app.' });

  const silent = await startUpstream(() => undefined);
  const slow = await startGateway({
    upstreamPort: silent.port,
    yaml: 'defaults: { timeouts: { responseHeaderMs: 50 } }',
  });
  const late = await fetch(`http://127.0.0.1:${slow.port}/app`);
  expect(late.status).toBe(504);
  expect(await late.json()).toMatchObject({ code: 'upstream-timeout' });
});

test('an answer that stands still or takes too long is cut', async () => {
  const upstream = await startUpstream(
    (_req, res) => void res.writeHead(200, { 'content-length': 100 }).write('begun'),
  );
  const { port, recorded } = await startGateway({
    upstreamPort: upstream.port,
    yaml: 'defaults: { timeouts: { totalMs: 100 } }',
  });
  const raw = await openRawSocket(port);
  raw.send(GET('/app/still'));
  expect(await raw.closed()).toMatch(/begun$/);
  expect(await recorded((row) => row.path === '/app/still')).toMatchObject({ status: 200, code: 'upstream-timeout' });
});

test('a caller that leaves in mid-upload lets the upstream go and is not held against it', async () => {
  let aborted = false;
  const upstream = await startUpstream((req) => {
    req
      .on('error', () => undefined)
      .on('close', () => {
        aborted = !req.complete;
      });
    req.resume();
  });
  const { port, recorded, admin } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send(`POST /app/up HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(1000)}`);
  await eventually(async () => (await admin<{ inFlight: number }[]>('/upstreams'))[0]?.inFlight === 1);
  raw.reset();
  await eventually(() => aborted);
  const exchange = await recorded((row) => row.path === '/app/up');
  expect(exchange).toMatchObject({ status: null, code: null, note: 'the caller went away' });
  const [breaker] = await admin<{ window: unknown }[]>('/breakers');
  expect(breaker?.window).toEqual({ requests: 0, failures: 0 });
  expect(await admin('/stats')).toMatchObject({ inFlight: 0, routes: { app: { status: { aborted: 1 } } } });
});

test('a caller that leaves while it waits, in mid-answer or in a pipeline leaves nothing behind', async () => {
  let closed = 0;
  const upstream = await startUpstream((req, res) => {
    res.on('close', () => {
      closed += 1;
    });
    if (req.url === '/begun') res.writeHead(200).write('begun');
  });
  const { port, admin } = await startGateway({ upstreamPort: upstream.port });
  const waiting = await openRawSocket(port);
  waiting.send(GET('/app/waits'));
  const begun = await openRawSocket(port);
  begun.send(GET('/app/begun'));
  const pipeline = await openRawSocket(port);
  pipeline.send(GET('/app/first') + GET('/app/second'));
  await begun.until((text) => text.includes('begun'));
  await eventually(async () => (await admin<{ inFlight: number }>('/stats')).inFlight === 4);
  for (const raw of [waiting, begun, pipeline]) raw.reset();
  await eventually(() => closed === 4);
  await eventually(async () => (await admin<{ inFlight: number }>('/stats')).inFlight === 0);
  expect(await admin('/stats')).toMatchObject({ routes: { app: { requests: 4, status: { aborted: 4 } } } });
});

test('trailers of a request are dropped, those of an answer pass (http-proxy 1.18.1 died of a Trailer field)', async () => {
  const fields: unknown[] = [];
  const upstream = await startUpstream((req, res) => {
    fields.push(req.headers.trailer);
    res.writeHead(200, { trailer: 'X-Sum' });
    req.on('end', () => {
      res.addTrailers({ 'X-Sum': '1' });
      res.end('ok');
    });
    req.resume();
  });
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send(
    'POST /app HTTP/1.1\r\nHost: shop\r\nTrailer: X-Check\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n0\r\nX-Check: 1\r\n\r\n',
  );
  const answer = await raw.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(answer).toMatch(/trailer: X-Sum\r\n[\s\S]*\r\n0\r\nX-Sum: 1\r\n\r\n$/i);
  expect(fields).toEqual([undefined]);
});

test('an upstream that answers before it has read the body is heard', async () => {
  const upstream = await startUpstream((_req, res) => void res.writeHead(401).end('who are you'));
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send('POST /app HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000000\r\n\r\nbegin');
  await raw.until((text) => text.startsWith('HTTP/1.1 401') && text.includes('who are you'));
  raw.reset();
});
