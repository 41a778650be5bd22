import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngineClient, type EngineClient, serviceSpec } from './engineClient.ts';

const engineProgram = fileURLToPath(new URL('engineProgram.ts', import.meta.url));

let folder: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gs-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const socketPath = () => join(folder, 'e.sock');
const client = (): EngineClient => createEngineClient(socketPath(), join(folder, 's'));

/** Starts a program and waits until an engine under it says that it listens. */
async function start(argv: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  const [line] = await once(child.stdout ?? child, 'data');
  expect(String(line)).toContain('Gatehouse sandbox: docker -H unix://');
  return child;
}

const engineArgv = (...more: string[]) => [
  engineProgram,
  '--socket',
  socketPath(),
  '--state',
  join(folder, 's'),
  ...more,
];

async function runTwo(): Promise<number[]> {
  const engine = client();
  const ids = [
    await engine.run('search-1', serviceSpec('search', 'http://localhost:8002/health')),
    await engine.run('redis-1', { Image: 'redis:7.4.5', Healthcheck: { Test: ['CMD', 'redis-cli', 'ping'] } }),
  ];
  const pids: number[] = [];
  for (const id of ids) pids.push((await engine.until(id, (one) => one.State.Health.Status === 'healthy')).State.Pid);
  return pids;
}

/** A zombie is dead too: it waits for whoever inherited it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const allGone = (pids: number[]) => expect.poll(() => pids.filter(isAlive), { timeout: 5_000 }).toEqual([]);

test.each([
  ['watching nothing', []],
  ['watching its parent', ['--parent-pid', String(process.pid), '--end-with-stdin']],
])('SIGTERM ends the engine %s with 0, its containers, and its files', async (_, options) => {
  const engine = await start(engineArgv(...options));
  const pids = await runTwo();
  const exit = once(engine, 'exit');
  engine.kill('SIGTERM');
  expect((await exit)[0]).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(socketPath())).toBe(false);
  expect(existsSync(join(folder, 's', 'hosts.json'))).toBe(false);
});

test('kill -9 of the engine takes its containers along, and the next engine takes over its socket', async () => {
  const engine = await start(engineArgv());
  const pids = await runTwo();
  engine.kill('SIGKILL');
  await allGone(pids);
  await start(engineArgv());
  expect((await client().call('GET', '/containers/json?all=1')).body).toEqual([]);
});

test.each([
  ['--parent-pid', "'ignore'", '"--parent-pid", String(process.pid)'],
  ['--end-with-stdin', "'pipe'", '"--end-with-stdin"'],
])('kill -9 of the parent ends the engine and its containers (%s)', async (_, stdin, option) => {
  const parent = await start([
    '--input-type=module',
    '--eval',
    `import { spawn } from 'node:child_process';
     const argv = [...${JSON.stringify(engineArgv())}, ${option}];
     const engine = spawn(process.execPath, argv, { stdio: [${stdin}, 'pipe', 'inherit'] });
     engine.stdout.on('data', (line) => process.stdout.write(engine.pid + ' ' + line));`,
  ]);
  const pids = await runTwo();
  const status = readFileSync(`/proc/${pids[0]}/stat`, 'utf8');
  const enginePid = Number(status.slice(status.lastIndexOf(')')).split(' ')[2]);
  parent.kill('SIGKILL');
  await allGone([enginePid, ...pids]);
  expect(existsSync(socketPath())).toBe(false);
});

test('a second engine on the same socket is refused, and the first goes on', async () => {
  await start(engineArgv());
  const second = spawn(process.execPath, engineArgv(), { stdio: ['ignore', 'ignore', 'pipe'] });
  started.push(second);
  const [complaint] = await once(second.stderr, 'data');
  expect(String(complaint)).toContain('another engine listens on');
  expect(second.exitCode ?? (await once(second, 'exit'))[0]).toBe(3);
  expect((await client().call('GET', '/_ping')).status).toBe(200);
});
