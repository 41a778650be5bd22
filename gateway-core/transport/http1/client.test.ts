// The client on real sockets, in front of servers that speak bytes.
import { createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WholeBody } from '../requestBody.ts';
import type { CallOptions, UpstreamCall, UpstreamClient, UpstreamError, UpstreamRequest } from '../upstreamClient.ts';
import { createHttp1Client } from './client.ts';

interface Upstream {
  readonly client: UpstreamClient;
  readonly sockets: Socket[];
  readonly server: Server;
}

/** `onRequest` is called with everything that came, each time that a request's head is whole. */
async function start(onRequest: (socket: Socket, text: string, count: number) => void): Promise<Upstream> {
  const sockets: Socket[] = [];
  let count = 0;
  const server = createServer((socket) => {
    let text = '';
    sockets.push(socket);
    socket.on('error', () => undefined).setEncoding('latin1');
    socket.on('data', (part: string) => {
      text += part;
      if (!text.includes('\r\n\r\n')) return;
      onRequest(socket, text, ++count);
      text = '';
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const address = `127.0.0.1:${port}`;
  const client = createHttp1Client({ address, secure: false, authority: address });
  onTestFinished(() => {
    client.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { client, sockets, server };
}

interface Answer {
  status: number;
  headers: [string, string][];
  body: string;
  trailers: [string, string][];
  information: number[];
}

type Asked = Partial<UpstreamRequest> & { options?: CallOptions; onCall?: (call: UpstreamCall) => void };

function ask(client: UpstreamClient, asked: Asked = {}): Promise<Answer> {
  const { options, onCall, ...request } = asked;
  const answer: Answer = { status: 0, headers: [], body: '', trailers: [], information: [] };
  return new Promise((resolve, reject) => {
    const handler = {
      onConnected() {},
      onSent() {},
      onInformation: (status: number) => void answer.information.push(status),
      onAnswer(status: number, headers: [string, string][]) {
        Object.assign(answer, { status, headers });
      },
      onData(chunk: Buffer) {
        answer.body += chunk.toString('latin1');
        return true;
      },
      onEnd: (trailers: [string, string][]) => resolve({ ...answer, trailers }),
      onFailure: (error: UpstreamError) => reject(error),
    };
    const whole = { method: 'GET', path: '/', headers: [['host', 'x']] as const, body: null, ...request };
    const call = client.call(whole, handler, options);
    onCall?.(call);
  });
}

/** Not events.once, which takes a reset for a failure of the test. */
const closed = (socket: Socket | undefined) =>
  new Promise<void>((resolve) => (socket?.destroyed ? resolve() : socket?.once('close', () => resolve())));

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('a request is written as it is, and its answer read byte by byte', async () => {
  let seen = '';
  const { client } = await start(async (socket, text) => {
    seen += text;
    if (!seen.endsWith('0\r\n\r\n')) return;
    socket.setNoDelay(true);
    const answer =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n';
    for (const byte of answer) {
      socket.write(byte, 'latin1');
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  expect(await ask(client, { method: 'POST', path: '/a?b', body: new WholeBody(Buffer.from('body')) })).toEqual({
    status: 201,
    headers: [
      ['X', 'y'],
      ['Transfer-Encoding', 'chunked'],
    ],
    body: 'abc',
    trailers: [['T', 'u']],
    information: [100],
  });
  expect(seen).toBe('POST /a?b HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n');
});

test('connections are used again, one after the other and side by side', async () => {
  const { client, sockets } = await start((socket) => void socket.write(OK));
  for (let index = 0; index < 5; index++) {
    expect((await ask(client)).body).toBe('ok');
    await settled();
  }
  expect(sockets).toHaveLength(1);
  await Promise.all([ask(client), ask(client), ask(client)]);
  expect(sockets).toHaveLength(3);
  await settled();
  expect(client.connections).toEqual({ open: 3, idle: 3 });
});

const closing: [name: string, answer: string][] = [
  ['Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a short Keep-Alive', 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 2\r\n\r\nok'],
  ['more bytes than its length', `${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`],
];
for (const [name, answer] of closing)
  test(`after an answer with ${name} the connection is not used again`, async () => {
    const { client, sockets } = await start((socket) => void socket.write(answer));
    for (let index = 0; index < 3; index++) {
      expect((await ask(client)).body).toBe('ok');
      await settled();
    }
    expect(sockets).toHaveLength(3);
  });

test('what an upstream sends unasked is never taken for the next answer', async () => {
  const { client, sockets } = await start((socket) => {
    socket.write(OK, () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'));
  });
  expect((await ask(client)).body).toBe('ok');
  await closed(sockets[0]);
  expect((await ask(client)).body).toBe('ok');
  expect(sockets).toHaveLength(2);
});

test('an answer that ends with its connection is whole at the end, and cut by a reset', async () => {
  const { client } = await start((socket, text) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\nsome', () => {
      if (text.startsWith('GET /reset')) socket.resetAndDestroy();
      else socket.end(' more');
    });
  });
  expect((await ask(client)).body).toBe('some more');
  await expect(ask(client, { path: '/reset' })).rejects.toMatchObject({ code: 'ECONNRESET', isStale: false });
});

const broken: [name: string, answer: string, code: string][] = [
  ['nothing', '', 'UPSTREAM_CLOSED'],
  ['half a head', 'HTTP/1.1 200 OK\r\nX:', 'UPSTREAM_CLOSED'],
  ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', 'UPSTREAM_CLOSED'],
  ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf', 'UPSTREAM_CLOSED'],
  ['no last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n', 'UPSTREAM_CLOSED'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'UPSTREAM_INVALID'],
  ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', 'UPSTREAM_INVALID'],
  ['endless fields', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(40_000)}`, 'UPSTREAM_INVALID'],
  ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'UPSTREAM_INVALID'],
  ['another upgrade', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', 'UPSTREAM_INVALID'],
  ['endless waiting', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(40), 'UPSTREAM_INVALID'],
];
for (const [name, answer, code] of broken)
  test(`${name} and an end is a failure`, async () => {
    const { client } = await start((socket) => void socket.end(answer));
    await expect(ask(client)).rejects.toMatchObject({ code, isStale: false });
    expect(client.connections).toMatchObject({ idle: 0 });
  });

test('a connection that was closed while idle says so, and a fresh one helps', async () => {
  const { client } = await start((socket, _text, count) => {
    if (count === 1) socket.write(OK);
    else if (count === 2) socket.resetAndDestroy();
    else socket.write(OK);
  });
  await ask(client);
  await settled();
  await expect(ask(client)).rejects.toMatchObject({ isStale: true });
  await ask(client);
  await settled();
  expect((await ask(client, { options: { fresh: true } })).body).toBe('ok');
});

test('an early answer is heard, and the rest of the request never becomes another one', async () => {
  const { client, sockets } = await start(
    (socket) => void socket.write('HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno'),
  );
  const endless = { pipeTo: () => undefined, resume: () => undefined, stop: () => undefined };
  expect(await ask(client, { method: 'POST', headers: [['content-length', '9']], body: endless })).toMatchObject({
    status: 401,
    body: 'no',
  });
  await settled();
  await ask(client);
  expect(sockets).toHaveLength(2);
});

test('an abort ends the connection, also while it is being made, and is not told to the handler', async () => {
  let arrived = () => {};
  const asked = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { client, sockets } = await start(() => arrived());
  const never = (): never => expect.unreachable('an aborted call was told something');
  ask(client, { onCall: (call) => call.abort() }).then(never, never);
  let running: UpstreamCall | undefined;
  ask(client, {
    onCall: (call) => {
      running = call;
    },
  }).then(never, never);
  await asked;
  const gone = closed(sockets.at(-1));
  running?.abort();
  await gone;
  expect(client.connections.idle).toBe(0);
});

test('a discarded answer frees its connection when it is short, and ends it when it is long', async () => {
  const { client, sockets } = await start((socket, text) => {
    const length = Number(/\/(\d+)/.exec(text)?.[1]);
    socket.write(`HTTP/1.1 503 No\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`);
  });
  const discard = (path: string) =>
    new Promise<void>((resolve) => {
      const handler = {
        onConnected() {},
        onSent() {},
        onInformation() {},
        onAnswer() {
          call.discard();
          resolve();
        },
        onData: (): never => expect.unreachable('a discarded answer was told'),
        onEnd: (): never => expect.unreachable('a discarded answer was told'),
        onFailure: (): never => expect.unreachable('a discarded answer was told'),
      };
      const call = client.call({ method: 'GET', path, headers: [['host', 'x']], body: null }, handler);
    });
  await discard('/10');
  await settled();
  expect(client.connections).toEqual({ open: 1, idle: 1 });
  const gone = closed(sockets[0]);
  await discard('/100000');
  await gone;
  expect(client.connections.idle).toBe(0);
});

test('what would end a line of the head is never written', async () => {
  const { client } = await start(() => undefined);
  const asked = async (request: Partial<UpstreamRequest>) => {
    await expect(ask(client, request)).rejects.toThrow();
  };
  await asked({ path: '/a b' });
  await asked({ path: '/a\r\nX: y' });
  await asked({ path: 'http://x/' });
  await asked({ method: 'G T' });
  await asked({ headers: [['x', 'a\r\nb: c']] });
  // Its low byte is a line feed.
  await asked({ headers: [['x', 'a\u010ab']] });
  await asked({ headers: [['x y', 'a']] });
  expect(client.connections.open).toBe(0);
});
