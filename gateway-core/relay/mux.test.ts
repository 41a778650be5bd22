import { once } from 'node:events';
import { type Duplex, PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createFrameDecoder, encodeFrame, type Frame, RelayProtocolError } from './frame.ts';
import { encodeHello, type RelayHello } from './hello.ts';
import { createRelayMux, type IncomingConnection, streamLimit } from './mux.ts';
import { addMerged, windowBytes } from './relayStream.ts';

const serves = { adminSocket: '/run/a.sock', allowsTcp: false };

/** Two ends over two pipes; `onConnection` is the relay's side. */
function createPair(onConnection: (connection: IncomingConnection) => void, highWaterMark = 16_384) {
  const toRelay = new PassThrough({ highWaterMark });
  const toConsole = new PassThrough({ highWaterMark });
  const failures: string[] = [];
  const hellos: RelayHello[] = [];
  const onFailure = (error: Error) => failures.push(error.message);
  const console = createRelayMux({ output: toRelay, onFailure, onHello: (hello) => hellos.push(hello) });
  const relay = createRelayMux({ output: toConsole, serves, onFailure, onConnection });
  toRelay.on('data', (chunk: Buffer) => relay.receive(chunk));
  toConsole.on('data', (chunk: Buffer) => console.receive(chunk));
  return { console, relay, failures, hellos };
}

const echo = ({ stream, accept }: IncomingConnection) => {
  accept();
  stream.pipe(stream);
};

async function openedBy(stream: Duplex): Promise<Duplex> {
  await once(stream, 'connect');
  return stream;
}

test('the relay says what it serves; a stream is opened, answers, and each direction ends for itself', async () => {
  const { console, relay, hellos } = createPair(({ target, stream, accept }) => {
    accept();
    stream.write(`you asked for ${target}: `);
    stream.on('data', (chunk) => stream.write(chunk));
    stream.on('end', () => stream.end('.'));
  });
  const stream = await openedBy(console.connect('unix:/run/a.sock'));
  expect(hellos).toEqual([{ protocol: 1, ...serves }]);
  stream.end('hello');
  expect((await buffer(stream)).toString()).toBe('you asked for unix:/run/a.sock: hello.');
  await vi.waitFor(() => expect([console.streamCount, relay.streamCount]).toEqual([0, 0]));
});

test('whatever is written on many streams at once arrives whole and in order', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 5000 }).map((array) => Buffer.from(array));
  const streams = fc.array(fc.array(bytes, { maxLength: 8 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(streams, fc.integer({ min: 1, max: 40_000 }), async (all, highWaterMark) => {
      const { console, failures } = createPair(echo, highWaterMark);
      const answers = all.map(async (chunks) => {
        const stream = console.connect('x');
        for (const chunk of chunks) stream.write(chunk);
        stream.end();
        return buffer(stream);
      });
      expect(await Promise.all(answers)).toEqual(all.map((chunks) => Buffer.concat(chunks)));
      expect(failures).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('a stream that nobody reads stops at its window, and the others go on', async () => {
  let sent = 0;
  const flood = (stream: Duplex) => {
    while (!stream.destroyed && sent < 20 * windowBytes) {
      sent += 65_536;
      if (!stream.write(Buffer.alloc(65_536))) return void stream.once('drain', () => flood(stream));
    }
  };
  const { console } = createPair((connection) => {
    if (connection.target === 'echo') return echo(connection);
    connection.accept();
    flood(connection.stream);
  });
  const unread = await openedBy(console.connect('flood'));
  const other = console.connect('echo');
  other.end(Buffer.alloc(10 * windowBytes, 7));
  expect(await buffer(other)).toHaveLength(10 * windowBytes);
  // A window on its way or unread, what Node buffers of it, and what waits in the stream of the sender.
  expect(sent).toBeLessThan(3 * windowBytes);
  const stopped = sent;
  let read = 0;
  unread.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  await vi.waitFor(() => expect(read).toBe(20 * windowBytes), 5000);
  expect(stopped).toBeLessThan(sent);
});

test('what is written at once is there when the target is reached; a refusal takes it along', async () => {
  const { console, failures } = createPair((connection) => {
    if (connection.target === 'no') return connection.refuse('not this one');
    setImmediate(() => echo(connection));
  });
  const stream = console.connect('later');
  stream.end('early');
  expect((await buffer(stream)).toString()).toBe('early');
  const refused = console.connect('no');
  refused.end(Buffer.alloc(2 * windowBytes));
  expect((await once(refused, 'error'))[0].message).toBe('not this one');
  expect(failures).toEqual([]);
});

test('a refusal, a reset and the end of the mux reach the stream with their reason', async () => {
  const { console, relay } = createPair(({ target, stream, accept, refuse }) => {
    if (target === 'no') return refuse('not this one');
    accept();
    if (target === 'reset') stream.destroy(new Error('the upstream is gone'));
  });
  const failureOf = async (stream: Duplex) => (await once(stream, 'error'))[0].message;
  expect(await failureOf(console.connect('no'))).toBe('not this one');
  expect(await failureOf(console.connect('reset'))).toBe('the upstream is gone');
  const last = await openedBy(console.connect('stays'));
  const failed = failureOf(last);
  console.close('the environment was closed');
  expect(await failed).toBe('the environment was closed');
  expect(await failureOf(console.connect('late'))).toBe('the relay is closed');
  expect(relay.streamCount).toBe(1);
});

test('a stream that the console gives up is destroyed at the relay, accepted or not', async () => {
  const seen: IncomingConnection[] = [];
  const { console, relay } = createPair((connection) => {
    seen.push(connection);
    if (connection.target === 'accepted') connection.accept();
  });
  const accepted = await openedBy(console.connect('accepted'));
  accepted.destroy();
  console.connect('waiting').destroy();
  await vi.waitFor(() => expect(seen.map(({ stream }) => stream.destroyed)).toEqual([true, true]));
  seen[1]?.accept();
  await vi.waitFor(() => expect([console.streamCount, relay.streamCount]).toEqual([0, 0]));
});

test('no more than the limit of streams, on both sides', async () => {
  const { console, relay, failures } = createPair(({ accept }) => accept());
  const streams = Array.from({ length: streamLimit }, () => console.connect('x'));
  const [error] = await once(console.connect('one more'), 'error');
  expect(error.message).toContain('256 connections');
  streams[0]?.destroy();
  await openedBy(console.connect('again'));
  expect(relay.streamCount).toBe(streamLimit);
  expect(failures).toEqual([]);
});

test('a console that does not count itself is refused by the relay', () => {
  const output = new PassThrough();
  const onConnection = vi.fn();
  const relay = createRelayMux({
    output,
    serves,
    onConnection,
    onFailure: (error) => expect.unreachable(error.message),
  });
  relay.receive(Buffer.concat(hello));
  for (let id = 1; id <= streamLimit + 1; id += 1) relay.receive(frame('open', id, 'x'));
  expect(onConnection).toHaveBeenCalledTimes(streamLimit);
  const frames = createFrameDecoder().push(output.read());
  expect(frames.at(-1)).toMatchObject({ type: 'refused', streamId: streamLimit + 1 });
});

const hello = encodeFrame({ streamId: 0, type: 'hello', payload: encodeHello({ protocol: 1, ...serves }) });
const frame = (type: Frame['type'], streamId: number, payload: string | Buffer = '') =>
  Buffer.concat(encodeFrame({ streamId, type, payload: Buffer.from(payload) }));
const manyBytes = (count: number) => Array.from({ length: count }, () => frame('data', 1, Buffer.alloc(65_536)));

test.each<[string, Buffer[], string]>([
  ['a frame before its greeting', [frame('ping', 0, Buffer.alloc(8))], 'came before hello'],
  ['two greetings', [...hello, ...hello], 'a second hello'],
  ['another version', [frame('hello', 0, '{"protocol":2}')], 'speaks version 2, this one version 1'],
  ['a greeting that is no JSON', [frame('hello', 0, 'hello')], 'no greeting'],
  ['a greeting that is null', [frame('hello', 0, 'null')], 'no greeting'],
  ['a connection to the console', [...hello, frame('open', 7, 'unix:/run/x')], 'asks for a connection'],
  ['data of a stream that never was', [...hello, frame('data', 2, 'x')], 'stream 2, which never was'],
  ['more than the window', [...hello, frame('opened', 1), ...manyBytes(5)], 'the window has room for 0'],
  ['data after the end', [...hello, frame('opened', 1), frame('end', 1), frame('data', 1, 'x')], 'after the end'],
  ['two ends', [...hello, frame('opened', 1), frame('end', 1), frame('end', 1)], 'ended twice'],
  ['opened twice', [...hello, frame('opened', 1), frame('opened', 1)], 'opened twice'],
  ['an endless window', [...hello, frame('opened', 1), frame('window', 1, Buffer.alloc(4, 0xff))], 'window grew'],
])('a hostile relay ends the connection and nothing else: %s', async (_name, chunks, message) => {
  const failures: Error[] = [];
  const console = createRelayMux({ output: new PassThrough(), onFailure: (error) => failures.push(error) });
  const stream = console.connect('unix:/run/a.sock');
  const lost = once(stream, 'error');
  for (const chunk of chunks) console.receive(chunk);
  expect((await lost)[0].message).toContain(message);
  expect(failures.map((error) => error.message)).toEqual([expect.stringContaining(message)]);
  console.receive(frame('ping', 0, Buffer.alloc(8)));
  expect(failures).toHaveLength(1);
  expect(console.streamCount).toBe(0);
});

test('a relay that asks and never reads is given up before memory fills', () => {
  const failures: Error[] = [];
  const console = createRelayMux({ output: new PassThrough(), onFailure: (error) => failures.push(error) });
  console.receive(Buffer.concat(hello));
  const pings = Buffer.concat(Array.from({ length: 1000 }, () => frame('ping', 0, Buffer.alloc(8))));
  for (let sent = 0; sent < 1000 && failures.length === 0; sent += 1) console.receive(pings);
  expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('has not read the last')]);
});

test('frames that arrive for a stream that was closed here are ignored', async () => {
  const failures: Error[] = [];
  const console = createRelayMux({ output: new PassThrough(), onFailure: (error) => failures.push(error) });
  console.connect('x').destroy();
  const late = [
    frame('opened', 1),
    frame('data', 1, 'x'),
    frame('end', 1),
    frame('reset', 1),
    frame('window', 1, Buffer.alloc(4)),
  ];
  for (const chunk of [...hello, ...late]) console.receive(chunk);
  expect(failures).toEqual([]);
});

test('any sequence of frames is answered or ends with a protocol error', () => {
  const types = ['open', 'opened', 'refused', 'data', 'end', 'reset', 'window', 'ping', 'pong', 'hello'] as const;
  const sizes = { opened: 0, end: 0, window: 4, ping: 8, pong: 8 } as const;
  const anyFrame = fc.record({
    type: fc.constantFrom(...types),
    streamId: fc.integer({ min: 1, max: 4 }),
    payload: fc.uint8Array({ minLength: 2, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  });
  const toBytes = ({ type, streamId, payload }: { type: Frame['type']; streamId: number; payload: Buffer }) => {
    const size = type in sizes ? sizes[type as keyof typeof sizes] : undefined;
    return frame(
      type,
      ['ping', 'pong', 'hello'].includes(type) ? 0 : streamId,
      size === undefined ? payload : Buffer.alloc(size),
    );
  };
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyFrame, { maxLength: 40 }), (isRelay, frames) => {
      const failures: Error[] = [];
      const output = new PassThrough();
      output.resume();
      const onFailure = (error: Error) => failures.push(error);
      const mux = createRelayMux({ output, onFailure, ...(isRelay ? { serves, onConnection: echo } : {}) });
      if (!isRelay) for (let opened = 0; opened < 3; opened += 1) mux.connect('x');
      for (const chunk of [...hello, ...frames.map(toBytes)]) mux.receive(chunk);
      expect(failures.every((error) => error instanceof RelayProtocolError)).toBe(true);
      mux.close('over');
      expect(mux.streamCount).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test('a window of tiny frames is kept in few pieces, in order', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 500 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const inbox: Buffer[] = [];
      const chunks = lengths.map((length, index) => Buffer.alloc(length, index % 251));
      for (const chunk of chunks) addMerged(inbox, chunk);
      expect(Buffer.concat(inbox)).toEqual(Buffer.concat(chunks));
      expect(inbox.length).toBeLessThan(45);
    }),
  );
});
