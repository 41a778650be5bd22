// The program of abortedExchangesLeaveNothing.test.ts: a gateway, an upstream that breaks off in every way, and callers
// that do. Run with --expose-gc; prints one line of JSON. `ABORTS` says how many, `SEED` repeats a run.
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway, type Gateway } from '../gateway.ts';

const count = Number(process.env.ABORTS ?? 10_000);
const CONCURRENCY = 200;
/** No side waits longer for the other. */
const PATIENCE_MS = 2_000;
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

let state = seed;
/** From 0 to below 1, the same for the same seed (mulberry32). */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

function breakOff(socket: Socket): void {
  // Node does not emit `close` for one that is reset while it connects.
  if (socket.connecting) return void socket.destroy();
  const how = random();
  if (how < 0.6) socket.resetAndDestroy();
  else if (how < 0.8) socket.destroy();
  else socket.end();
}

const big = 'x'.repeat(50_000);
/** What an upstream does with a request, by the word in its path; what it writes is followed by its end. */
const upstreamWays: Record<string, (socket: Socket) => void> = {
  resets: (socket) => breakOff(socket),
  silent: () => undefined,
  head: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Le', () => breakOff(socket)),
  after: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', () => breakOff(socket)),
  middle: (socket) =>
    void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n${big}`, () => breakOff(socket)),
  chunk: (socket) =>
    void socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhal', () => breakOff(socket)),
  invalid: (socket) => void socket.write('nonsense\r\n\r\n', () => breakOff(socket)),
  more: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more'),
  unavailable: (socket) => void socket.write('HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno'),
  slow: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n');
    const timer = setInterval(() => socket.write('x'), 5);
    socket.on('close', () => clearInterval(timer));
  },
  switches: (socket) =>
    void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello'),
};

function startUpstream(sockets: Set<Socket>) {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      const word = /\/way\/([a-z]+)/.exec(chunk.toString('latin1'))?.[1];
      if (word !== undefined) upstreamWays[word]?.(socket);
    });
  });
  return { server, listen: () => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)) };
}

const toHead = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: shop\r\n${more}\r\n`;
const HANDSHAKE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
/** What a caller sends; it leaves at a moment of chance, or at the first byte of an answer. */
const callerWays: ((path: string) => string)[] = [
  () => '',
  (path) => toHead(path).slice(0, Math.floor(random() * 20)),
  (path) => toHead(path),
  (path) => toHead(path),
  (path) => toHead(path) + toHead(path),
  (path) => `POST ${path} HTTP/1.1\r\nHost: shop\r\nContent-Length: 100000\r\n\r\n${big}`,
  (path) => `PUT ${path} HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nff\r\nhal`,
  (path) => `PUT ${path} HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n`,
  (path) => `PUT ${path} HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello`,
  (path) => `POST ${path} HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`,
  (path) => toHead(path, HANDSHAKE),
];

function abortOnce(port: number): Promise<void> {
  const path = `/${pick(['plain', 'again', 'narrow'])}/way/${pick(Object.keys(upstreamWays))}`;
  const leavesAtAnswer = random() < 0.4;
  const closesHalf = random() < 0.1;
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const timer = setTimeout(() => breakOff(socket), leavesAtAnswer ? 1_000 : Math.floor(random() * 12));
    socket.on('error', () => undefined);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('connect', () => {
      socket.write(pick(callerWays)(path));
      if (closesHalf) socket.end();
    });
    socket.on('data', () => {
      if (leavesAtAnswer) breakOff(socket);
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function abortMany(port: number, times: number): Promise<void> {
  let left = times;
  const work = async () => {
    while (left-- > 0) await abortOnce(port);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

const toYaml = (port: number) => `
version: 1
listen: { host: 127.0.0.1, port: 0 }
tap: { capacityBytes: 65536 }
defaults:
  timeouts: { connectMs: 500, responseHeaderMs: 200, idleMs: 300, totalMs: 1500 }
  breaker: { minimumRequests: 1000000, consecutiveConnectFailures: 10000 }
  retryBudget: { share: 1 }
upstreams:
  one: { url: "http://127.0.0.1:${port}" }
  many: { replicas: [{ url: "http://127.0.0.1:${port}" }, { url: "http://127.0.0.2:${port}" }] }
  few: { url: "http://127.0.0.1:${port}", concurrency: { maxInFlight: 10, maxQueued: 20, maxQueueMs: 100 } }
routes:
  - { id: plain, paths: [/plain], upstream: one }
  - { id: again, paths: [/again], upstream: many, retry: { attempts: 3, backoffMs: 5, perTryTimeoutMs: 100 } }
  - { id: narrow, paths: [/narrow], upstream: few, retry: { attempts: 2 } }
`;

function look(gateway: Gateway) {
  const lives = ['one', 'many', 'few'].flatMap((name) => gateway.upstreams.find(name) ?? []);
  return {
    inFlight: lives.reduce((sum, { places }) => sum + places.inFlight + places.queued, 0),
    atReplicas: lives.flatMap(({ replicas }) => replicas).reduce((sum, replica) => sum + replica.inFlight, 0),
    unused: lives
      .flatMap(({ replicas }) => replicas)
      .reduce((sum, { client }) => sum + (client ? client.connections.open - client.connections.idle : 0), 0),
  };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!holds() && performance.now() < deadline) await delay(20);
}

function takeHeap(): number {
  for (let index = 0; index < 4; index++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** What holds the process, but for the pipe of its own output. */
const listHandles = () =>
  process
    .getActiveResourcesInfo()
    .filter((name) => name !== 'PipeWrap')
    .toSorted();

process.on('unhandledRejection', (error) => {
  throw error;
});

const handlesBefore = listHandles();
const sockets = new Set<Socket>();
const upstream = startUpstream(sockets);
await upstream.listen();
const { port: upstreamPort } = upstream.server.address() as { port: number };
const gateway = createGateway(loadConfig(toYaml(upstreamPort)), { name: 'aborts' });
const { port } = await gateway.listen();

// Code that runs for the first time, and pools that grow to their size, are no leak.
await abortMany(port, Math.ceil(count / 5));
await until(() => look(gateway).inFlight === 0);
const heapBefore = takeHeap();
const startedAt = performance.now();
await abortMany(port, count);
const seconds = (performance.now() - startedAt) / 1000;
await until(() => Object.values(look(gateway)).every((value) => value === 0));
const left = look(gateway);
const heapAfter = takeHeap();
const whole = await gateway.close({ graceMs: 5_000 });
for (const socket of sockets) socket.destroy();
upstream.server.close();
await until(() => listHandles().join() === handlesBefore.join());
process.stdout.write(
  `${JSON.stringify({ seed, count, seconds, left, whole, heapGrowth: heapAfter - heapBefore, handlesBefore, handlesAfter: listHandles() })}\n`,
);
