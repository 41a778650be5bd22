// The gateway beside its peers: same origin, same load, one run, rounds in turn, each candidate alone on its core.
//   npm run bench -- gateway [--quick] [--only undici,gateway-on] [--profile] [--json] [--record]
// --record writes bench/results/gateway.json and the tables of docs/performance.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type Candidate,
  candidates,
  createGatewayCandidate,
  findPinning,
  type Running,
  readCpuMs,
  readLine,
  readRssMb,
  spawnPinned,
  stop,
} from './gateway/candidates.ts';
import { createToken, type Ground, writeGatewayOn } from './gateway/configs.ts';
import type { LoadReport, LoadTask } from './gateway/load.ts';
import { type ProfileSummary, summariseProfile } from './gateway/profile.ts';
import { type Result, type Row, toTable } from './gateway/result.ts';
import { record } from './record.ts';

const program = (name: string) => fileURLToPath(new URL(`gateway/${name}`, import.meta.url));
const pinning = findPinning();

const CONNECTIONS = 64;
/** What the slowest candidate serves with ease, so that a latency is one of work and not of waiting. */
const PACED_PER_SECOND = 1_000;

interface Timing {
  readonly rounds: number;
  readonly warmMs: number;
  readonly saturatedMs: number;
  readonly pacedMs: number;
}

const FULL: Timing = { rounds: 9, warmMs: 3_000, saturatedMs: 1_500, pacedMs: 1_000 };
const QUICK: Timing = { rounds: 3, warmMs: 3_000, saturatedMs: 1_000, pacedMs: 400 };

async function createHeads(): Promise<string[]> {
  const tokens = await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => createToken(`user-${index}`)));
  return tokens.map((token) =>
    [
      'GET /products?category=lamps&page=2 HTTP/1.1',
      'Host: shop.example',
      'User-Agent: Mozilla/5.0 (X11; Linux x86_64) bench',
      'Accept: application/json',
      'Accept-Encoding: gzip, deflate, br',
      'Accept-Language: en-GB,en;q=0.9',
      `Authorization: Bearer ${token}`,
      '\r\n',
    ].join('\r\n'),
  );
}

/** A process of its own for each measurement, so that none finds the load warmer than another. */
async function load(task: LoadTask): Promise<LoadReport> {
  const child = spawnPinned(pinning?.load, process.execPath, [program('load.ts'), JSON.stringify(task)]);
  const report = JSON.parse(await readLine(child)) as LoadReport;
  if (report.failures > 0) throw new Error(`${report.failures} answers of port ${task.port} were not 200`);
  return report;
}

/** One round of one candidate. */
interface Lap {
  readonly requestsPerSecond: number;
  /** What the candidate's processes took for one request; null where nobody says it. */
  readonly cpuUs: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Contestant {
  readonly name: string;
  readonly running: Running;
  readonly laps: Lap[];
  rssMb: number | null;
}

async function runLap(running: Running, { heads, timing }: Arena): Promise<Lap> {
  const shared = { port: running.port, connections: CONNECTIONS, heads, pacedPerSecond: PACED_PER_SECOND };
  const before = readCpuMs(running);
  const saturated = await load({ ...shared, saturatedMs: timing.saturatedMs, pacedMs: 0 });
  const after = readCpuMs(running);
  const paced = await load({ ...shared, saturatedMs: 0, pacedMs: timing.pacedMs });
  return {
    requestsPerSecond: saturated.requestsPerSecond,
    cpuUs: before === null || after === null ? null : ((after - before) * 1000) / saturated.answers,
    p50Ms: paced.p50Ms ?? Number.NaN,
    p99Ms: paced.p99Ms ?? Number.NaN,
  };
}

interface Arena {
  readonly ground: Ground;
  readonly heads: readonly string[];
  readonly timing: Timing;
}

async function compete(chosen: readonly Candidate[], arena: Arena): Promise<Contestant[]> {
  const { ground, heads, timing } = arena;
  const warm = { connections: CONNECTIONS, heads, saturatedMs: timing.warmMs, pacedMs: 0, pacedPerSecond: 0 };
  const contestants: Contestant[] = [];
  try {
    for (const candidate of chosen) {
      const running = await candidate.start(ground);
      contestants.push({ name: candidate.name, running, laps: [], rssMb: null });
      await load({ ...warm, port: running.port });
    }
    for (let round = 0; round < timing.rounds; round += 1) {
      // Who comes first changes, so that nobody always finds the machine as the same other one left it.
      for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed())
        contestant.laps.push(await runLap(contestant.running, arena));
    }
    for (const contestant of contestants) contestant.rssMb = readRssMb(contestant.running);
  } finally {
    await Promise.all(contestants.map(({ running }) => stop(running)));
  }
  return contestants;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function toRow({ name, laps, rssMb }: Contestant): Row {
  const typical = (read: (lap: Lap) => number) => median(laps.map(read));
  const cpuUs = typical((lap) => lap.cpuUs ?? Number.NaN);
  return {
    name,
    requestsPerSecond: Math.round(typical((lap) => lap.requestsPerSecond)),
    cpuUs: Number.isNaN(cpuUs) ? null : round(cpuUs, 1),
    p50Ms: round(
      typical((lap) => lap.p50Ms),
      3,
    ),
    p99Ms: round(
      typical((lap) => lap.p99Ms),
      3,
    ),
    rssMb,
  };
}

/** Round by round, since whatever else the machine did then was there for both. */
function toRatios(contestants: readonly Contestant[]): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const base of contestants)
    for (const one of contestants) {
      if ((base.name !== 'http-proxy-3' && base.name !== 'undici') || one === base) continue;
      const compare = (read: (lap: Lap | undefined) => number) =>
        round(median(one.laps.map((lap, index) => read(lap) / read(base.laps[index]))), 3);
      ratios[`${one.name}/${base.name}`] = compare((lap) => lap?.requestsPerSecond ?? Number.NaN);
      if (one.name !== 'direct')
        ratios[`${one.name}/${base.name} by CPU`] = compare((lap) => 1 / (lap?.cpuUs ?? Number.NaN));
    }
  return ratios;
}

async function profile({ ground, heads, timing }: Arena): Promise<ProfileSummary> {
  const folder = join(ground.folder, 'profile');
  const flags = ['--cpu-prof', '--cpu-prof-interval', '500', '--cpu-prof-dir', folder];
  const running = await createGatewayCandidate('gateway-on', writeGatewayOn, flags).start(ground);
  const task = { connections: CONNECTIONS, heads, pacedMs: 0, pacedPerSecond: 0, port: running.port };
  try {
    await load({ ...task, saturatedMs: timing.warmMs * 3 });
  } finally {
    await stop(running);
  }
  return summariseProfile(folder);
}

function describeMachine(): Result['machine'] {
  const taskset = pinning ? 'origin and load on core 0, the candidate alone on core 1' : 'nothing is pinned';
  return { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, pinning: taskset };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      profile: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
    },
  });
  if (pinning) spawnSync('taskset', ['-cp', pinning.load, String(process.pid)], { stdio: 'ignore' });
  const wanted = values.only?.split(',') ?? candidates.map(({ name }) => name);
  const skipped = new Map<string, string>();
  const chosen = candidates.filter((candidate) => {
    const obstacle = candidate.findObstacle();
    if (obstacle !== undefined) skipped.set(candidate.name, obstacle);
    return wanted.includes(candidate.name) && obstacle === undefined;
  });
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const origin = spawnPinned(pinning?.load, process.execPath, [program('origin.ts')]);
  try {
    const ground = { folder, ...(JSON.parse(await readLine(origin)) as { origin: number; collector: number }) };
    const arena = { ground, heads: await createHeads(), timing: values.quick ? QUICK : FULL };
    const contestants = await compete(chosen, arena);
    const result: Result = {
      bench: 'gateway',
      machine: describeMachine(),
      rows: contestants.map(toRow),
      skipped: Object.fromEntries(skipped),
      ratios: toRatios(contestants),
      profile: values.profile || values.record ? await profile(arena) : null,
    };
    if (values.record) record('gateway', 'performance.md', result, toTable(result));
    process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : toTable(result));
  } finally {
    origin.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
