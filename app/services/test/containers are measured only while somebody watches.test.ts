import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection, Stats } from '../../contract/index.ts';
import { createEngine } from '../docker/engine.ts';
import type { Observed } from '../docker/reducer.ts';
import { createStatsHub } from '../stats/statsHub.ts';
import { createLiveValue, type LiveValue } from '../stream/liveValue.ts';
import { container, observed } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'gh-stats-'));
const socketPath = join(folder, 'engine.sock');
const asked: string[] = [];
let atOnce = 0;
let mostAtOnce = 0;
let server: Server;
let answerOf: (id: string, answer: ServerResponse) => void;

const live: Connection = { source: 'engine', state: 'live', lastSeenAt: 1, detail: '', problem: null };
const lost: Connection = { ...live, state: 'lost', problem: { code: 'engine-unreachable', message: '', remedy: '' } };
const connection = createLiveValue<Connection>(live);
const containers = createLiveValue<Observed | undefined>(undefined);
const openEngine = () => createEngine({ kind: 'socket', path: socketPath });
const createHub = (of: LiveValue<Observed | undefined> = containers) =>
  createStatsHub({ stack: { observed: of, connection }, openEngine, now: Date.now, stepMs: 120 });

/** Counts 20 ms of CPU time a look, so that every second look has a share. */
function count(id: string, answer: ServerResponse): void {
  const looks = asked.filter((one) => one === id).length;
  answer.end(
    JSON.stringify({
      read: new Date().toISOString(),
      cpu_stats: { cpu_usage: { total_usage: looks * 20_000_000 } },
      memory_stats: { usage: 1000, stats: { inactive_file: 400 } },
      pids_stats: { current: 2 },
    }),
  );
}

beforeEach(async () => {
  asked.length = 0;
  mostAtOnce = 0;
  answerOf = count;
  connection.set(live);
  containers.set(observed([container({ name: 'a', service: 'api' }), container({ name: 'b', service: 'db' })]));
  server = createServer((request, answer) => {
    const url = new URL(request.url ?? '/', 'http://engine');
    if (url.pathname === '/_ping') return answer.end('OK');
    const id = /^\/containers\/([^/]+)\/stats$/.exec(url.pathname)?.[1] ?? '';
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ stream: 'false', 'one-shot': 'true' });
    asked.push(id);
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    setTimeout(() => {
      atOnce -= 1;
      answerOf(id, answer);
    }, 5);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads until a value fits; leaves when it does. */
async function until(hub: ReturnType<typeof createHub>, fits: (stats: Stats) => boolean): Promise<Stats> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), 5000);
  try {
    for await (const stats of hub.watch(leaving.signal)) if (fits(stats)) return stats;
  } finally {
    clearTimeout(timer);
    leaving.abort();
  }
  throw new Error('no value fitted in 5 s');
}
const of = (stats: Stats, service: string) => stats.containers.find((one) => one.service === service);

test('the first look knows memory, the second one CPU too; then nobody asks any more', async () => {
  const hub = createHub();
  expect(asked).toEqual([]);
  const first = await until(hub, () => true);
  expect(of(first, 'api')).toMatchObject({ container: 'id-a', memoryBytes: 600, pids: 2, cpuShare: null });
  const second = await until(hub, (stats) => of(stats, 'db')?.cpuShare !== null);
  expect(of(second, 'db')?.cpuShare).toBeGreaterThan(0);
  const countLooks = (id: string) => asked.filter((one) => one === id).length;
  const looks = countLooks('id-a');
  // Another one that is watched says how time passes.
  const clock = createHub(createLiveValue<Observed | undefined>(observed([container({ name: 'clock' })])));
  await until(clock, () => countLooks('id-clock') > 3);
  expect(countLooks('id-a')).toBe(looks);
});

test('two who watch share one look, and one that leaves ends nothing for the other', async () => {
  const hub = createHub();
  const leaving = new AbortController();
  const seen: Stats[] = [];
  const watching = (async () => {
    for await (const stats of hub.watch(leaving.signal)) seen.push(stats);
  })();
  await until(hub, (stats) => of(stats, 'api')?.cpuShare !== null);
  const before = seen.length;
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(before + 1), { timeout: 5000 });
  expect(asked.filter((id) => id === 'id-a').length).toBeLessThanOrEqual(seen.length + 1);
  leaving.abort();
  await watching;
});

test('forty containers are asked a few at a time', async () => {
  const many = Array.from({ length: 40 }, (_, index) => container({ name: `c${index}`, service: `s${index}` }));
  containers.set(observed(many));
  const stats = await until(createHub(), () => true);
  expect(stats.containers).toHaveLength(40);
  expect(mostAtOnce).toBeLessThanOrEqual(4);
});

test('what the engine refuses is unknown, and the others are not', async () => {
  answerOf = (id, answer) => {
    if (id === 'id-a') answer.writeHead(501).end(JSON.stringify({ message: 'not implemented' }));
    else count(id, answer);
  };
  const stats = await until(createHub(), (one) => of(one, 'db')?.cpuShare !== null);
  expect(of(stats, 'api')).toMatchObject({ cpuShare: null, memoryBytes: null, pids: null });
});

test('containers that do not run, and those of a lost engine, are not asked', async () => {
  containers.set(observed([container({ name: 'a', state: 'exited' }), container({ name: 'b', service: 'db' })]));
  const stats = await until(createHub(), () => true);
  expect(stats.containers.map(({ service }) => service)).toEqual(['db']);
  connection.set(lost);
  expect((await until(createHub(), () => true)).containers).toEqual([]);
});

test('an engine that goes and comes back is measured again by itself', async () => {
  const hub = createHub();
  const leaving = new AbortController();
  let last: Stats | undefined;
  const watching = (async () => {
    for await (const stats of hub.watch(leaving.signal)) last = stats;
  })();
  await vi.waitFor(() => expect(last && of(last, 'db')?.cpuShare).toBeGreaterThan(0), { timeout: 5000 });
  answerOf = (_, answer) => answer.destroy();
  await vi.waitFor(() => expect(last && of(last, 'db')?.memoryBytes).toBeNull(), { timeout: 5000 });
  answerOf = count;
  await vi.waitFor(() => expect(last && of(last, 'db')?.cpuShare).toBeGreaterThan(0), { timeout: 5000 });
  leaving.abort();
  await watching;
});
