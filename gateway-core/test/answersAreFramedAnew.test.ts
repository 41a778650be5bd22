import { createServer } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { startGateway, startUpstream } from './fixture.ts';
import { exchangeRaw, openRawSocket } from './rawSocket.ts';

/** An upstream that answers each request with these bytes, by path, and keeps the connection unless it is told. */
async function startBytes(answers: Record<string, string>): Promise<number> {
  const server = createServer((socket) => {
    onTestFinished(() => void socket.destroy());
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        const path = /^\S+ (\S+)/.exec(chunk.toString('latin1'))?.[1] ?? '';
        const bytes = answers[path] ?? 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n';
        socket.write(bytes.replace('<close>', ''), 'latin1');
        if (bytes.includes('<close>')) socket.end();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

const CLOSE = 'Host: shop\r\nConnection: close\r\n\r\n';

interface Framed {
  readonly answer: string;
  readonly status: number;
  readonly length: string | null;
  readonly isChunked: boolean;
  readonly body: string;
}

function read(answer: string): Framed {
  const end = answer.indexOf('\r\n\r\n');
  const head = answer.slice(0, end);
  return {
    answer,
    status: Number(head.slice(9, 12)),
    length: /\r\ncontent-length: (.*)/i.exec(head)?.[1] ?? null,
    isChunked: /\r\ntransfer-encoding: chunked/i.test(head),
    body: answer.slice(end + 4),
  };
}

const OK = 'HTTP/1.1 200 OK\r\n';

test.each<[what: string, bytes: string, framed: Partial<Framed>]>([
  ['a length', `${OK}Content-Length: 5\r\n\r\nhello`, { length: '5', isChunked: false, body: 'hello' }],
  ['a length of zero', `${OK}Content-Length: 0\r\n\r\n`, { length: '0', isChunked: false, body: '' }],
  ['chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`, { length: null, isChunked: true, body: '5\r\nhello\r\n0\r\n\r\n' }],
  ['chunks with extensions', `${OK}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0;c\r\n\r\n`, { isChunked: true, body: '5\r\nhello\r\n0\r\n\r\n' }],
  ['no length, to the end of the connection', `${OK}Connection: close\r\n\r\nhello<close>`, { length: null, isChunked: true, body: '5\r\nhello\r\n0\r\n\r\n' }],
  ['HTTP/1.0 to the end of the connection', 'HTTP/1.0 200 OK\r\n\r\nhello<close>', { isChunked: true, body: '5\r\nhello\r\n0\r\n\r\n' }],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, length: null, isChunked: false, body: '' }],
  ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: "x"\r\n\r\n', { status: 304, length: '5', body: '' }],
  ['an informational answer before it', `HTTP/1.1 102 Processing\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`, { status: 200, body: 'hello' }],
  ['a 100 that nobody asked for', `HTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`, { status: 200, body: 'hello' }],
  ['an unknown status', 'HTTP/1.1 299 Odd\r\nContent-Length: 5\r\n\r\nhello', { status: 299, body: 'hello' }],
  ['more than its length', `${OK}Content-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\n`, { length: '5', body: 'hello' }],
])('an answer with %s', async (_what, bytes, framed) => {
  const upstreamPort = await startBytes({ '/x': bytes });
  const { port } = await startGateway({ upstreamPort });
  const got = read(await exchangeRaw(port, `GET /app/x HTTP/1.1\r\n${CLOSE}`));
  // Chunks may be cut anew; what they carry may not.
  const body = got.isChunked ? got.body.replace(/^2\r\nhe\r\n3\r\nllo\r\n/, '5\r\nhello\r\n') : got.body;
  expect({ ...got, body }).toMatchObject(framed);
}); // biome-ignore format: a table

test.each<[what: string, bytes: string]>([
  ['a length and chunks', `${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`],
  ['two lengths', `${OK}Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello`],
  ['a signed length', `${OK}Content-Length: +5\r\n\r\nhello`],
  ['a length that is a list', `${OK}Content-Length: 5, 5\r\n\r\nhello`],
  ['a bare LF as line end', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello'],
  ['a space before the colon', `${OK}Content-Length : 5\r\n\r\nhello`],
  ['a NUL in a field', `${OK}X-A: a\0b\r\nContent-Length: 5\r\n\r\nhello`],
  ['a field without a colon', `${OK}X-A\r\nContent-Length: 5\r\n\r\nhello`],
  ['another protocol', 'HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
  ['a status that is no number', 'HTTP/1.1 abc OK\r\nContent-Length: 5\r\n\r\nhello'],
])('an answer with %s is 502, or told apart by its framing alone', async (_what, bytes) => {
  const upstreamPort = await startBytes({ '/x': bytes });
  const { port } = await startGateway({ upstreamPort });
  const got = read(await exchangeRaw(port, `GET /app/x HTTP/1.1\r\n${CLOSE}`));
  if (got.status === 502) expect(got.body).toContain('"code":"upstream-bad-response"');
  // Node's client parser may let one pass; then there is one framing, and it fits the body.
  else
    expect(got).toMatchObject(
      got.isChunked ? { length: null, body: '5\r\nhello\r\n0\r\n\r\n' } : { length: '5', body: 'hello' },
    );
});

test.each<[what: string, bytes: string]>([
  ['fewer bytes than its length', `${OK}Content-Length: 10\r\n\r\nhello<close>`],
  ['chunks that do not end', `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n<close>`],
  ['a chunk that breaks off', `${OK}Transfer-Encoding: chunked\r\n\r\n9\r\nhello<close>`],
  ['a chunk size that is none', `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\n`],
])('an answer with %s is cut, so that the caller sees that it is not whole', async (_what, bytes) => {
  const upstreamPort = await startBytes({ '/x': bytes });
  const { port, recorded } = await startGateway({ upstreamPort });
  const got = read(await exchangeRaw(port, `GET /app/x HTTP/1.1\r\nHost: shop\r\n\r\n`));
  // A cut that comes before the head has left leaves nothing at all, which is as visibly not whole.
  expect([200, 0]).toContain(got.status);
  const hasEnd = got.isChunked ? got.body.includes('0\r\n\r\n') : got.body.length === Number(got.length);
  expect(got.status === 200 && hasEnd).toBe(false);
  expect((await recorded((row) => row.path === '/app/x')).code).toMatch(/^upstream-/);
});

test('to HTTP/1.0 an answer that breaks off ends in a reset: nothing else tells it from a whole one', async () => {
  const upstreamPort = await startBytes({ '/x': `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n<close>` });
  const { port } = await startGateway({ upstreamPort });
  const raw = await openRawSocket(port);
  const failed = new Promise<string | undefined>((resolve) => {
    raw.socket
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      .once('close', () => resolve(undefined));
  });
  raw.send('GET /app/x HTTP/1.0\r\n\r\n');
  expect(await failed).toBe('ECONNRESET');
});

test('HEAD keeps the length and has no body, and the connection goes on', async () => {
  const upstream = await startUpstream((req, res) => {
    res.writeHead(200, { 'content-length': 5 }).end(req.method === 'HEAD' ? undefined : 'hello');
  });
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const answer = await exchangeRaw(port, `HEAD /app/x HTTP/1.1\r\nHost: shop\r\n\r\nGET /app/x HTTP/1.1\r\n${CLOSE}`);
  expect(answer.match(/content-length: 5/gi)).toHaveLength(2);
  expect(answer.match(/hello/g)).toHaveLength(1);
});

test('early hints pass, and a Link that cannot be written is dropped', async () => {
  const upstreamPort = await startBytes({
    '/x': `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nServer: x\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
    '/y': `HTTP/1.1 103 Early Hints\r\nLink: nonsense\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
  });
  const { port } = await startGateway({ upstreamPort });
  const hinted = await exchangeRaw(port, `GET /app/x HTTP/1.1\r\n${CLOSE}`);
  expect(hinted).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK/);
  expect(await exchangeRaw(port, `GET /app/y HTTP/1.1\r\n${CLOSE}`)).toMatch(/^HTTP\/1\.1 200 OK/);
});

test('trailers pass in chunks, without those that come too late', async () => {
  const upstreamPort = await startBytes({
    '/x': `${OK}Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a=b\r\nCache-Control: no-store\r\n\r\n`,
    '/sized': `${OK}Trailer: X-Sum\r\nContent-Length: 5\r\n\r\nhello`,
  });
  const { port } = await startGateway({ upstreamPort });
  const answer = await exchangeRaw(port, `GET /app/x HTTP/1.1\r\nTE: trailers\r\n${CLOSE}`);
  expect(answer).toMatch(/\r\ntrailer: X-Sum\r\n[\s\S]*\r\n0\r\nX-Sum: 1\r\n\r\n$/i);
  expect(await exchangeRaw(port, `GET /app/sized HTTP/1.1\r\n${CLOSE}`)).not.toMatch(/trailer/i);
  expect(await exchangeRaw(port, 'GET /app/x HTTP/1.0\r\n\r\n')).not.toMatch(/X-Sum/i);
});

test('a compressed answer passes as it is', async () => {
  const packed = gzipSync('hello '.repeat(1000));
  const upstream = await startUpstream((_req, res) => {
    res
      .writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length, vary: 'accept-encoding' })
      .end(packed);
  });
  const { port } = await startGateway({ upstreamPort: upstream.port });
  const raw = await exchangeRaw(port, `GET /app HTTP/1.1\r\nAccept-Encoding: gzip\r\n${CLOSE}`);
  expect(raw).toMatch(/content-encoding: gzip/i);
  const body = Buffer.from(raw.slice(raw.indexOf('\r\n\r\n') + 4), 'latin1');
  expect(body.equals(packed)).toBe(true);
  expect(gunzipSync(body).toString()).toBe('hello '.repeat(1000));
});

test('an answer without a Date gets one, and one with a Date keeps it', async () => {
  const upstreamPort = await startBytes({
    '/without': `${OK}Content-Length: 0\r\n\r\n`,
    '/with': `${OK}Date: Tue, 15 Nov 1994 08:12:31 GMT\r\nContent-Length: 0\r\n\r\n`,
  });
  const { port } = await startGateway({ upstreamPort });
  const dates = async (path: string) =>
    (await exchangeRaw(port, `GET /app/${path} HTTP/1.1\r\n${CLOSE}`)).match(/\r\ndate: .*/gi);
  expect(await dates('without')).toEqual([expect.stringMatching(/ \d{4} \d\d:\d\d:\d\d GMT$/)]);
  expect(await dates('with')).toEqual([expect.stringContaining('Tue, 15 Nov 1994 08:12:31 GMT')]);
});

test('events are sent at once, one by one, and idle longer than other routes where the route says so', async () => {
  let say: (text: string) => void = () => undefined;
  const upstream = await startUpstream((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    say = (text) => void res.write(text);
  });
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: '  - { id: events, paths: [/events], upstream: app, timeouts: { idleMs: 60000, totalMs: 0 } }\ndefaults: { timeouts: { idleMs: 300, totalMs: 400 } }',
  });
  const raw = await openRawSocket(port);
  raw.send('GET /events HTTP/1.1\r\nHost: shop\r\n\r\n');
  await raw.until((text) => text.includes('\r\n\r\n'));
  for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
    say(text);
    await raw.until((got) => got.includes(text));
  }
  // Longer than the other routes may be silent or last at all.
  await new Promise((resolve) => setTimeout(resolve, 900));
  say('data: 3\n\n');
  await raw.until((got) => got.includes('data: 3\n\n'));
  raw.reset();

  const impatient = await openRawSocket(port);
  impatient.send('GET /app/events HTTP/1.1\r\nHost: shop\r\n\r\n');
  expect(await impatient.closed()).toMatch(/^HTTP\/1\.1 200 /);
});
