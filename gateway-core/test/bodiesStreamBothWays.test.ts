import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { eventually, startGateway, startUpstream } from './fixture.ts';
import { openRawSocket } from './rawSocket.ts';

const MIB = 1024 * 1024;
const BIG = 'defaults: { bodyLimitBytes: 104857600, timeouts: { idleMs: 5000 } }';

function* megabytes(count: number): Generator<Buffer> {
  for (let index = 0; index < count; index++) yield Buffer.alloc(MIB, index % 256);
}

test('50 MB echo both ways arrive whole', async () => {
  const upstream = await startUpstream((req, res) => void req.pipe(res));
  const { port, recorded } = await startGateway({ upstreamPort: upstream.port, yaml: BIG });
  const sent = createHash('sha256');
  const got = createHash('sha256');
  for (const chunk of megabytes(50)) sent.update(chunk);
  await new Promise<void>((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST', path: '/app/echo' }, (response) => {
      response.on('data', (chunk: Buffer) => void got.update(chunk)).on('end', resolve);
    });
    outgoing.on('error', reject);
    Readable.from(megabytes(50)).pipe(outgoing);
  });
  expect(got.digest('hex')).toBe(sent.digest('hex'));
  const exchange = await recorded((row) => row.path === '/app/echo');
  expect(exchange).toMatchObject({ status: 200, requestBytes: 50 * MIB, responseBytes: 50 * MIB });
});

test('a caller that does not read stops the upstream, and memory stays bounded', async () => {
  let written = 0;
  const upstream = await startUpstream((_req, res) => {
    const source = Readable.from(
      (function* () {
        for (const chunk of megabytes(50)) {
          written += chunk.length;
          yield chunk;
        }
      })(),
    );
    source.pipe(res);
    res.on('close', () => source.destroy());
  });
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: BIG });
  const raw = await openRawSocket(port);
  raw.send('GET /app/big HTTP/1.1\r\nHost: shop\r\n\r\n');
  await raw.until((text) => text.includes('\r\n\r\n'));
  raw.socket.pause();
  // Kernel buffers of two connections hold some megabytes; then nothing moves any more.
  let before = -1;
  await eventually(async () => {
    const still = written === before;
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 150));
    return still && written === before;
  });
  expect(written).toBeLessThan(30 * MIB);
  raw.socket.resume();
  await raw.until((text) => text.length > 50 * MIB);
  raw.reset();
});

test('an upstream that does not read stops the caller', async () => {
  let release: () => void = () => undefined;
  const upstream = await startUpstream((req, res) => {
    release = () => void req.on('end', () => res.end('done')).resume();
  });
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: BIG });
  let sent = 0;
  let status = 0;
  const outgoing = request({ port, host: '127.0.0.1', method: 'POST', path: '/app/slow' }, (response) => {
    status = response.statusCode ?? 0;
    response.resume();
  });
  Readable.from(
    (function* () {
      for (const chunk of megabytes(50)) {
        sent += chunk.length;
        yield chunk;
      }
    })(),
  ).pipe(outgoing);
  let before = -1;
  await eventually(async () => {
    const still = sent === before && sent > 0;
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 150));
    return still && sent === before;
  });
  expect(sent).toBeLessThan(30 * MIB);
  release();
  await eventually(() => status === 200);
  expect(sent).toBe(50 * MIB);
});

test('the head of an answer is sent before its body comes', async () => {
  let finish: () => void = () => undefined;
  const upstream = await startUpstream((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.flushHeaders();
    finish = () => res.end('data: one\n\n');
  });
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const response = await fetch(`http://127.0.0.1:${port}/app/events`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  finish();
  expect(await response.text()).toBe('data: one\n\n');
});

test('a body that grows over the limit is cut off with 413 and the upstream is let go', async () => {
  let aborted = false;
  const upstream = await startUpstream((req) => {
    req
      .on('error', () => undefined)
      .on('close', () => {
        aborted = !req.complete;
      });
    req.resume();
  });
  const { port, recorded } = await startGateway({
    upstreamPort: upstream.port,
    yaml: 'defaults: { bodyLimitBytes: 100000 }',
  });
  const raw = await openRawSocket(port);
  raw.send('POST /app HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n');
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
  for (let index = 0; index < 10; index++) raw.send(chunk);
  const answer = await raw.closed();
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toContain('"code":"body-too-large"');
  await eventually(() => aborted);
  // The upstream did nothing wrong.
  expect(await recorded((row) => row.status === 413)).toMatchObject({ code: 'body-too-large', breaker: 'closed' });
});

test('a body announced over the limit is refused before a byte of it is read', async () => {
  let asked = false;
  const upstream = await startUpstream((_req, res) => {
    asked = true;
    res.end();
  });
  const { port } = await startGateway({ upstreamPort: upstream.port, yaml: 'defaults: { bodyLimitBytes: 100 }' });
  const raw = await openRawSocket(port);
  raw.send('POST /app HTTP/1.1\r\nHost: shop\r\nContent-Length: 101\r\nExpect: 100-continue\r\n\r\n');
  expect(await raw.closed()).toMatch(/^HTTP\/1\.1 413 /);
  expect(asked).toBe(false);
});

test('100 Continue is sent once the request may pass', async () => {
  const upstream = await startUpstream((req, res) => void req.pipe(res));
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const raw = await openRawSocket(port);
  raw.send(
    'POST /app HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
  );
  await raw.until((text) => text.startsWith('HTTP/1.1 100 Continue\r\n\r\n'));
  raw.send('hello');
  expect(await raw.closed()).toMatch(/HTTP\/1\.1 200 OK[\s\S]*hello/);
});
