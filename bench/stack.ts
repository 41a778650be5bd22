// The platform brought up, brought up again, changed in one service and taken down: by us and by `docker compose`, each as
// a process of its own on the same engine, in interleaved rounds. Prints JSON; --record writes the table of docs/compose.md.
//   eval "$(.ci/engine/up)" && npm run bench -- stack [--quick] [--record]     (--quick: one round)
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createEngine } from '../app/services/docker/engine.ts';
import { applyPlan } from '../app/services/stack/apply/applyPlan.ts';
import { findConfigHashes } from '../app/services/stack/apply/configHashes.ts';
import { localFileReader } from '../app/services/stack/compose/fileReader.ts';
import { loadProject } from '../app/services/stack/compose/loadProject.ts';
import { observeStack } from '../app/services/stack/plan/observeStack.ts';
import { planDown } from '../app/services/stack/plan/planDown.ts';
import { planUp } from '../app/services/stack/plan/planUp.ts';
import { toPlanOptions } from '../app/services/stack/plan/preparedPlan.ts';
import { record, toMarkdownTable } from './record.ts';

const run = promisify(execFile);
const platform = fileURLToPath(new URL('../resources/platform/', import.meta.url));
const localImages = fileURLToPath(new URL('../.ci/engine/docker-compose.local.yaml', import.meta.url));
const projectName = `gatehouse-bench-${process.env.GATEHOUSE_BENCH_ID ?? process.pid}`;

const phases = ['up', 'again', 'change', 'down'] as const;
type Phase = (typeof phases)[number];
type Side = 'ours' | 'compose';

interface Sample {
  readonly ms: number;
  /** Ours only: where the time went. */
  readonly parts: Readonly<Record<string, number>>;
}

/** What `gatehouse up` and `gatehouse down` do, in this process; prints where the time went. */
async function act(verb: 'up' | 'down', files: readonly string[]): Promise<void> {
  const address = /^unix:\/\/(.+)$/.exec(process.env.DOCKER_HOST ?? '')?.[1];
  if (!address) throw new Error('DOCKER_HOST must be unix:///path; run eval "$(.ci/engine/up)"');
  const parts: Record<string, number> = {};
  const timed = async <T>(name: string, work: Promise<T> | T): Promise<T> => {
    const at = performance.now();
    const result = await work;
    parts[name] = Math.round(performance.now() - at);
    return result;
  };
  const engine = createEngine({ kind: 'socket', path: address });
  const where = { folder: platform, files, environment: process.env, projectName, reader: localFileReader };
  const loaded = await timed('load', loadProject(where));
  const { project } = loaded;
  const observed = await timed('observe', observeStack(engine, projectName, { project }));
  const options = { ...toPlanOptions(loaded), pull: 'missing' as const };
  const prepared = verb === 'up' ? planUp(project, observed, options) : planDown(project, observed, options);
  const result = await timed(
    'apply',
    applyPlan(prepared, engine, {
      signal: new AbortController().signal,
      findConfigHashes: () =>
        findConfigHashes({ folder: platform, paths: files, projectName, environment: process.env }),
    }),
  );
  engine.close();
  if (result.outcome !== 'applied') throw new Error(JSON.stringify(result.problems, null, 2));
  process.stdout.write(JSON.stringify(parts));
}

async function measure(side: Side, verb: 'up' | 'down', files: readonly string[]): Promise<Sample> {
  const at = performance.now();
  const environment = { ...process.env, GATEHOUSE_BENCH_ID: projectName.slice('gatehouse-bench-'.length) };
  const options = { env: environment, maxBuffer: 16 * 1024 * 1024 };
  if (side === 'ours') {
    const argv = [fileURLToPath(import.meta.url), '--act', verb, ...files];
    const { stdout } = await run(process.execPath, argv, options);
    return { ms: performance.now() - at, parts: JSON.parse(stdout) };
  }
  const given = [
    'compose',
    '--project-name',
    projectName,
    '--progress',
    'quiet',
    ...files.flatMap((file) => ['--file', file]),
  ];
  const rest = verb === 'up' ? ['up', '--detach', '--pull', 'never', '--no-build'] : ['down'];
  await run('docker', [...given, ...rest], options);
  return { ms: performance.now() - at, parts: {} };
}

/** Ports would be in the way of whatever else runs there, and are the same for both sides. */
async function writeOverrides(folder: string): Promise<{ base: string[]; changed: string[] }> {
  const environment = process.env;
  const { project } = await loadProject({ folder: platform, environment, reader: localFileReader });
  const services = Object.keys(project.services).map((name) => `  ${name}: { ports: !reset [] }`);
  const quiet = join(folder, 'quiet.yaml');
  writeFileSync(quiet, `services:\n${services.join('\n')}\n`);
  const change = join(folder, 'change.yaml');
  // Nobody depends on it: compose 2.26 would make every dependent anew, and more work is no comparison.
  writeFileSync(change, 'services: { celery_beat: { environment: { LOG_LEVEL: INFO } } }\n');
  const base = [join(platform, 'docker-compose.yaml'), localImages, quiet];
  return { base, changed: [...base, change] };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

type Row = ReturnType<typeof toRow>;
type Machine = { readonly cpus: number; readonly model: string; readonly node: string };

function toRow(side: Side, phase: Phase, samples: readonly Sample[]) {
  const names = Object.keys(samples[0]?.parts ?? {});
  return {
    name: `${side} ${phase}`,
    medianMs: Math.round(median(samples.map(({ ms }) => ms))),
    roundsMs: samples.map(({ ms }) => Math.round(ms)),
    partsMs: Object.fromEntries(names.map((name) => [name, median(samples.map(({ parts }) => parts[name] ?? 0))])),
  };
}

async function main(): Promise<void> {
  const rounds = process.argv.includes('--quick') ? 1 : 5;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const samples = new Map<string, Sample[]>();
  const { base, changed } = await writeOverrides(folder);
  try {
    for (let round = 0; round < rounds; round += 1) {
      // Who begins changes with the round, so that neither always finds the engine warm.
      const sides: Side[] = round % 2 === 0 ? ['ours', 'compose'] : ['compose', 'ours'];
      for (const side of sides) {
        for (const phase of phases) {
          const files = phase === 'change' || phase === 'down' ? changed : base;
          const sample = await measure(side, phase === 'down' ? 'down' : 'up', files);
          const key = `${side} ${phase}`;
          samples.set(key, [...(samples.get(key) ?? []), sample]);
        }
      }
    }
  } finally {
    await run('docker', ['compose', '--project-name', projectName, 'down', '--volumes', '--timeout', '3']).catch(
      () => {},
    );
    rmSync(folder, { recursive: true, force: true });
  }
  const rows = phases.flatMap((phase) =>
    (['ours', 'compose'] as const).map((side) => toRow(side, phase, samples.get(`${side} ${phase}`) ?? [])),
  );
  const of = (name: string) => rows.find((row) => row.name === name)?.medianMs ?? 0;
  const ratios = Object.fromEntries(
    phases.map((phase) => [`ours/compose ${phase}`, Number((of(`ours ${phase}`) / of(`compose ${phase}`)).toFixed(3))]),
  );
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version };
  const result = { bench: 'stack', machine, rows, ratios };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (process.argv.includes('--record')) record('stack', 'compose.md', result, toTable(rows, machine));
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

function toTable(rows: readonly Row[], { cpus: cores, model, node }: Machine): string {
  const lines = phases.flatMap((phase) => {
    const [ours, compose] = (['ours', 'compose'] as const).map((side) =>
      rows.find(({ name }) => name === `${side} ${phase}`),
    );
    if (!ours || !compose) return [];
    const parts = Object.entries(ours.partsMs).map(([name, ms]) => `${name} ${seconds(ms)}`);
    const ratio = (ours.medianMs / compose.medianMs).toFixed(2);
    return [[phase, seconds(ours.medianMs), seconds(compose.medianMs), ratio, parts.join(', ')]];
  });
  const rounds = rows[0]?.roundsMs.length ?? 0;
  const head = ['', 'ours', '`docker compose`', 'ratio', 'of ours'];
  return `${cores} cores of ${model.trim()}, Node ${node}; medians of ${rounds} rounds.\n\n${toMarkdownTable(head, lines)}`;
}

const acting = process.argv.indexOf('--act');
if (acting === -1) await main();
else await act(process.argv[acting + 1] === 'down' ? 'down' : 'up', process.argv.slice(acting + 2));
