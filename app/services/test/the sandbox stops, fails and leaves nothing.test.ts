import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { repetitions } from '../../../scripts/endurance.mjs';
import { logFilterSchema } from '../../contract/index.ts';
import { startEngineProcess } from '../sandbox/engineProcess.ts';
import { removeStaleFolders } from '../sandbox/staleFolders.ts';
import { wait } from '../stream/wait.ts';
import { createSandboxHandlersForTest, firstWhere } from './sandboxHandlers.ts';

const call = { signal: new AbortController().signal };
const ROUNDS = repetitions({ usual: 20, ci: 40, soak: 1_000 });
const environment = 'sandbox~shop-platform';
const host = createSandboxHandlersForTest({ lingerMs: 50 });
const { handlers, sandbox, environments } = host;
afterAll(() => host.close(), 30_000);

/** The sandbox engine that this process started, by its arguments. */
function enginePids(): number[] {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  const lines = listed.split('\n').filter((line) => line.includes(` sandbox --socket ${sandbox.socketPath}`));
  return lines.map((line) => Number.parseInt(line, 10));
}

function childrenOf(pid: number): number[] {
  try {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What keeps this process from ending, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

test('nothing runs unasked, and the environment of a sandbox that is off says so', async () => {
  expect(sandbox.socketPath).toBeUndefined();
  const view = await firstWhere(
    (c) => handlers.environment.found(undefined, c),
    () => true,
  );
  expect(view).toMatchObject({ engines: [{ id: 'sandbox', state: 'notRunning', problem: null }], projects: [] });
  const frame = await firstWhere(
    (c) => handlers.environment.watch({ environment }, c),
    ({ engine }) => engine.state === 'lost',
  );
  expect(frame.engine.problem).toMatchObject({ message: 'The sandbox is not running.' });
  expect(frame.verdict.level).toBe('unknown');
});

test(
  `${ROUNDS} times ten subscribers that come and go leave nothing behind`,
  async () => {
    await handlers.sandbox.start(undefined, call);
    const holding = new AbortController();
    const idle = async () => {
      await vi.waitFor(() => expect(environments.openCount).toBe(0), { timeout: 5000 });
    };
    await idle();
    const before = resources();
    const held = firstWhere(
      (c) => handlers.environment.changes({ environment }, { signal: AbortSignal.any([c.signal, holding.signal]) }),
      () => false,
      60_000,
    ).catch(() => {});
    await firstWhere(
      (c) => handlers.environment.watch({ environment }, c),
      ({ gateway }) => gateway.state === 'live',
    );
    const input = { environment };
    const subscriptions = [
      (c: typeof call) => handlers.environment.watch(input, c),
      (c: typeof call) => handlers.environment.changes(input, c),
      (c: typeof call) => handlers.stack.topology(input, c),
      (c: typeof call) =>
        handlers.logs.follow({ environment, filter: logFilterSchema.parse({}), tail: 10, follow: true }, c),
      (c: typeof call) => handlers.gateway.routes(input, c),
      (c: typeof call) => handlers.gateway.breakers(input, c),
      (c: typeof call) => handlers.traffic.watch({ environment, backfill: 10 }, c),
      (c: typeof call) => handlers.metrics.routes(input, c),
      (c: typeof call) => handlers.demo.watch(input, c),
      (c: typeof call) => handlers.sandbox.watch(undefined, c),
    ] as ((c: typeof call) => AsyncIterable<unknown>)[];
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(
        subscriptions.map(async (open) => {
          const leaving = new AbortController();
          for await (const _ of open(leaving)) {
            // Half of them leave while a value is on its way, half while they wait for the next one.
            if (round % 2 === 0) break;
            setImmediate(() => leaving.abort());
          }
          leaving.abort();
        }),
      );
    }
    holding.abort();
    await held;
    await idle();
    // Sockets of keep-alive connections take a moment to close. Polled by a timer that has fired when it is counted.
    const hasMore = () => Object.entries(resources()).some(([kind, count]) => count > (before[kind] ?? 0));
    for (let n = 0; n < 100 && hasMore(); n += 1) await wait(50, call.signal);
    expect(hasMore() ? { before, after: resources() } : 'nothing left').toBe('nothing left');
  },
  60_000 + 1_000 * ROUNDS,
);

test('an engine that is killed: the sandbox failed, its environment is lost within 2 s, no container survives', async () => {
  await handlers.sandbox.start(undefined, call);
  const [engine] = enginePids();
  if (!engine) throw new Error('the engine was not found');
  const containers = childrenOf(engine);
  expect(containers.length).toBeGreaterThanOrEqual(20);
  await firstWhere(
    (c) => handlers.environment.watch({ environment }, c),
    ({ engine: one }) => one.state === 'live',
  );
  const lost = firstWhere(
    (c) => handlers.environment.watch({ environment }, c),
    ({ engine: one }) => one.state === 'lost',
  );
  const failed = firstWhere(
    (c) => handlers.sandbox.watch(undefined, c),
    ({ state }) => state === 'failed',
  );
  const killedAt = Date.now();
  process.kill(engine, 'SIGKILL');
  const frame = await lost;
  expect(Date.now() - killedAt).toBeLessThan(2000);
  expect(frame.counts.services).toBe(Object.keys(sandbox.loaded?.project.services ?? {}).length);
  expect(frame.verdict.level).toBe('unknown');
  expect(await failed).toMatchObject({
    environment: null,
    address: null,
    problem: { code: 'sandbox-failed', message: expect.stringContaining('SIGKILL') },
  });
  await vi.waitFor(() => expect(containers.filter(isAlive)).toEqual([]), { timeout: 10_000 });
}, 60_000);

test('it can be started again after that, and a stop ends every process and removes its folder', async () => {
  await handlers.sandbox.start(undefined, call);
  const folder = dirname(sandbox.socketPath ?? '');
  const [engine = 0] = enginePids();
  const processes = [engine, ...childrenOf(engine)];
  expect(existsSync(folder)).toBe(true);
  await handlers.sandbox.stop(undefined, call);
  expect(processes.filter(isAlive)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  expect(sandbox.state.current).toMatchObject({ state: 'off', items: [], problem: null });
}, 60_000);

test('a stop in the middle of a start wins', async () => {
  const starting = handlers.sandbox.start(undefined, call);
  starting.catch(() => {});
  await firstWhere(
    (c) => handlers.sandbox.watch(undefined, c),
    ({ items }) => items.some(({ state }) => state === 'started'),
  );
  await handlers.sandbox.stop(undefined, call);
  await expect(starting).rejects.toMatchObject({ code: 'sandbox-failed' });
  expect(sandbox.state.current.state).toBe('off');
}, 60_000);

test('what a killed host left behind is removed, what a living one holds is not', async () => {
  const runtime = mkdtempSync(join(tmpdir(), 'gh-stale-'));
  mkdirSync(join(runtime, 'sandbox-4194305'));
  mkdirSync(join(runtime, `sandbox-${process.ppid}`));
  await removeStaleFolders(runtime);
  expect(readdirSync(runtime)).toEqual([`sandbox-${process.ppid}`]);
  rmSync(runtime, { recursive: true });
});

test('an engine that cannot start says its last words', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gh-words-'));
  const program = join(folder, 'fails.mjs');
  writeFileSync(program, "console.error('first'); console.error('no room on the machine'); process.exit(3);");
  const programs = {
    node: process.execPath,
    host: [program],
    gateway: [],
    service: [],
    platformFolder: '',
    gatewayConfig: '',
  };
  const starting = startEngineProcess(programs, { folder: join(folder, 'run') }, call.signal);
  await expect(starting).rejects.toMatchObject({
    code: 'sandbox-failed',
    message: expect.stringContaining('no room on the machine (exit 3)'),
  });
  rmSync(folder, { recursive: true });
});

test('a socket path that no system takes is said before anything starts', async () => {
  const starting = startEngineProcess(
    { node: '/nowhere', host: [], gateway: [], service: [], platformFolder: '', gatewayConfig: '' },
    { folder: join(tmpdir(), 'x'.repeat(120)) },
    call.signal,
  );
  await expect(starting).rejects.toMatchObject({ remedy: expect.stringContaining('GATEHOUSE_RUNTIME_DIR') });
});
