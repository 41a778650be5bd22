import { expect, test } from 'vitest';
import { eventually, startGateway, startUpstream, type TestGateway } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';

const HOST = 'Host: shop\r\n';
/** Windows of half a second, in which 2,000 bytes have to move. */
const PACE = 'server: { minBytesPerSecond: 4000, slowWindowMs: 500, headersTimeoutMs: 700, requestTimeoutMs: 60000 }\n';

const noneInFlight = (gateway: TestGateway) => async () =>
  (await gateway.admin<{ inFlight: number }>('/stats')).inFlight === 0;

test('header fields that do not end are answered with 408', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: PACE });
  const raw = await openRawSocket(port);
  raw.send(`GET /app HTTP/1.1\r\n${HOST}`);
  const timer = setInterval(() => raw.send('X-A: b\r\n'), 100);
  const answer = await raw.closed();
  clearInterval(timer);
  expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request-timeout"/);
});

test('a connection that says nothing is closed without a word, which would be taken for the answer to what comes', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: PACE });
  const raw = await openRawSocket(port);
  expect(await raw.closed()).toBe('');
});

test('a body that drips is answered with 408, and its upstream is let go', async () => {
  let aborted = false;
  const upstream = await startUpstream((req) => {
    req
      .on('error', () => undefined)
      .on('close', () => {
        aborted = !req.complete;
      });
    req.resume();
  });
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: PACE });
  const raw = await openRawSocket(gateway.port);
  raw.send(`POST /app/drip HTTP/1.1\r\n${HOST}Content-Length: 100000\r\n\r\n`);
  const timer = setInterval(() => raw.send('x'), 50);
  const answer = await raw.closed();
  clearInterval(timer);
  expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request-timeout"/);
  await eventually(() => aborted);
  expect(await gateway.recorded((row) => row.path === '/app/drip')).toMatchObject({
    status: 408,
    code: 'request-timeout',
  });
  const [breaker] = await gateway.admin<{ window: unknown }[]>('/breakers');
  expect(breaker?.window).toEqual({ requests: 0, failures: 0 });
});

test('a body that comes fast enough may take longer than a window', async () => {
  const upstream = await startUpstream((req, res) => void req.on('end', () => res.end('whole')).resume());
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: PACE });
  const raw = await openRawSocket(port);
  raw.send(`POST /app HTTP/1.1\r\n${HOST}Connection: close\r\nContent-Length: 48000\r\n\r\n`);
  let sent = 0;
  const timer = setInterval(() => {
    if (sent === 48_000) return;
    sent += 2_000;
    raw.send('x'.repeat(2_000));
  }, 50);
  expect(await raw.closed()).toContain('whole');
  clearInterval(timer);
});

test('an upstream that does not read is not held against the client', async () => {
  let release = () => {};
  const upstream = await startUpstream((req, res) => {
    release = () => void req.on('end', () => res.end('whole')).resume();
  });
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: PACE });
  const raw = await openRawSocket(port);
  const size = 9_000_000;
  raw.send(`POST /app HTTP/1.1\r\n${HOST}Connection: close\r\nContent-Length: ${size}\r\n\r\n`);
  raw.send(Buffer.alloc(size, 120));
  // Three windows in which nothing moves, since the upstream takes nothing.
  await new Promise((resolve) => setTimeout(resolve, 1_600));
  expect(raw.received()).toBe('');
  release();
  expect(await raw.closed()).toContain('whole');
});

test('a client that does not read its answer is cut, and its upstream let go', async () => {
  let closed = false;
  const upstream = await startUpstream((_req, res) => {
    res.on('close', () => {
      closed = true;
    });
    res.writeHead(200, { 'content-length': 50_000_000 }).end(Buffer.alloc(50_000_000, 120));
  });
  const gateway = await startGateway({ upstreamPort: upstream.port, yaml: PACE });
  const raw = await openRawSocket(gateway.port);
  raw.send(`GET /app/unread HTTP/1.1\r\n${HOST}\r\n`);
  await raw.until((text) => text.includes('\r\n\r\n'));
  raw.socket.pause();
  await eventually(() => closed);
  const exchange = await gateway.recorded((row) => row.path === '/app/unread');
  expect(exchange).toMatchObject({ status: 200, note: 'the caller took less than 2000 bytes of its answer in 500 ms' });
  await eventually(noneInFlight(gateway));
});

test('a stream with long pauses is not taken for a client that does not read', async () => {
  let say = () => {};
  const upstream = await startUpstream((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    say = () => res.end('data: 2\n\n');
  });
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: PACE });
  const response = await fetch(`http://127.0.0.1:${port}/app/events`);
  // Three windows in which there is nothing to take.
  await new Promise((resolve) => setTimeout(resolve, 1_600));
  say();
  expect(await response.text()).toBe('data: 1\n\ndata: 2\n\n');
});

test('more connections than the limit are closed at once, and the others are served', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: 'server: { maxConnections: 2 }' });
  const [first, second] = [await openRawSocket(port), await openRawSocket(port)];
  const third = await openRawSocket(port);
  expect(await third.closed()).toBe('');
  second.reset();
  first.send(`GET /app HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
  expect(await first.closed()).toMatch(/^HTTP\/1\.1 200 /);
});

test('limits of a new configuration hold for the next connection', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const { gateway, port, loadYaml } = await startGateway({ upstreamPort: upstream.port });
  const ask = async () => {
    const raw = await openRawSocket(port);
    raw.send(`GET /app HTTP/1.1\r\n${HOST}Connection: close\r\nX-A: ${'a'.repeat(3_000)}\r\n\r\n`);
    return (await raw.closed()).slice(0, 12);
  };
  expect(await ask()).toBe('HTTP/1.1 200');
  gateway.replaceConfig(loadYaml('server: { maxHeaderBytes: 2048 }'));
  expect(await ask()).toBe('HTTP/1.1 431');
});
