// What the platform takes on a Docker engine, in either mode: the time until each health check has passed, and the memory of
// its containers when nobody asks anything of them. Prints JSON; --record writes the table of docs/platform.md.
//   eval "$(.ci/engine/up)" && npm run bench -- platform [--record]
import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createEngine, type Engine } from '../app/services/docker/engine.ts';
import { toObservedContainer } from '../app/services/docker/observed.ts';
import { applyPlan } from '../app/services/stack/apply/applyPlan.ts';
import { findConfigHashes } from '../app/services/stack/apply/configHashes.ts';
import { localFileReader } from '../app/services/stack/compose/fileReader.ts';
import { loadProject } from '../app/services/stack/compose/loadProject.ts';
import { observeStack } from '../app/services/stack/plan/observeStack.ts';
import { planDown } from '../app/services/stack/plan/planDown.ts';
import { planUp } from '../app/services/stack/plan/planUp.ts';
import { toPlanOptions } from '../app/services/stack/plan/preparedPlan.ts';
import { FILE_NAMES, LOCAL_OVERRIDE, type Mode } from '../resources/platform/test/composeFiles.ts';
import { copyPlatform } from '../resources/platform/test/engine.ts';
import { record, toMarkdownTable } from './record.ts';

/** By then caches of a start are warm, and every store has been probed and scraped several times. */
const IDLE_MS = 60_000;
const HEALTHY_WITHIN_MS = 300_000;
const USAGE_MS = 10_000;

interface Figures {
  readonly mode: Mode;
  readonly containers: number;
  /** From the plan to the last health check that passed. */
  readonly healthyAfterSeconds: number;
  /** service → MiB, without the cache of files. */
  readonly memoryMiB: Readonly<Record<string, number>>;
}

/** Carries one verb out as `gatehouse up` and `gatehouse down` do. */
async function act(engine: Engine, verb: 'up' | 'down', folder: string, mode: Mode, projectName: string) {
  const files = [`${folder}/${FILE_NAMES[mode]}`, LOCAL_OVERRIDE];
  const environment = process.env;
  const loaded = await loadProject({ folder, files, environment, projectName, reader: localFileReader });
  const { project } = loaded;
  const observed = await observeStack(engine, projectName, { project });
  const options = { ...toPlanOptions(loaded), pull: 'missing' as const };
  const plan =
    verb === 'up'
      ? planUp(project, observed, options)
      : planDown(project, observed, { ...options, removeVolumes: true, confirmVolumes: projectName });
  const result = await applyPlan(plan, engine, {
    signal: new AbortController().signal,
    findConfigHashes: () => findConfigHashes({ folder, paths: files, projectName, environment }),
  });
  if (result.outcome !== 'applied') throw new Error(JSON.stringify(result.problems, null, 2));
}

async function listRunning(engine: Engine, projectName: string) {
  const rows = await engine.listContainers(projectName);
  const inspected = await Promise.all(rows.map(({ id }) => engine.inspect(id)));
  return inspected.flatMap((one) => (one?.State.Status === 'running' ? [toObservedContainer(one)] : []));
}

async function untilHealthy(engine: Engine, projectName: string): Promise<void> {
  const giveUpAt = performance.now() + HEALTHY_WITHIN_MS;
  for (;;) {
    const waiting = (await listRunning(engine, projectName)).filter(({ health }) => health !== 'healthy');
    if (waiting.length === 0) return;
    if (performance.now() > giveUpAt) throw new Error(`not healthy: ${waiting.map(({ name }) => name).join(', ')}`);
    await delay(250);
  }
}

async function measure(engine: Engine, mode: Mode): Promise<Figures> {
  const projectName = `gatehouse-bench-${mode}-${process.pid}`;
  const folder = copyPlatform();
  try {
    const begun = performance.now();
    await act(engine, 'up', folder, mode, projectName);
    await untilHealthy(engine, projectName);
    const healthyAfterSeconds = Math.round((performance.now() - begun) / 1_000);
    await delay(IDLE_MS);
    const running = await listRunning(engine, projectName);
    const memoryMiB: Record<string, number> = {};
    for (const { id, service, name } of running) {
      const bytes = (await engine.usage(id, USAGE_MS))?.memoryBytes;
      if (bytes === undefined || bytes === null) throw new Error(`the engine says nothing of the memory of ${name}`);
      memoryMiB[service ?? name] = Math.round(bytes / 2 ** 20);
    }
    return { mode, containers: running.length, healthyAfterSeconds, memoryMiB };
  } finally {
    await act(engine, 'down', folder, mode, projectName);
    rmSync(folder, { recursive: true, force: true });
  }
}

const sum = (memory: Readonly<Record<string, number>>) => Object.values(memory).reduce((total, one) => total + one, 0);

function toTable(machine: string, figures: readonly Figures[]): string {
  const services = [...new Set(figures.flatMap(({ memoryMiB }) => Object.keys(memoryMiB)))].sort(
    (a, b) => (figures[0]?.memoryMiB[b] ?? 0) - (figures[0]?.memoryMiB[a] ?? 0),
  );
  const row = (name: string, of: (one: Figures) => string | number | undefined) => [
    name,
    ...figures.map((one) => String(of(one) ?? '')),
  ];
  const lines = [
    row('all healthy after', ({ healthyAfterSeconds }) => `${healthyAfterSeconds} s`),
    row('containers', ({ containers }) => containers),
    row('memory, all', ({ memoryMiB }) => `${sum(memoryMiB)} MiB`),
    ...services.map((service) => row(`\`${service}\``, ({ memoryMiB }) => memoryMiB[service])),
  ];
  return `${machine}.\n\n${toMarkdownTable(['', ...figures.map(({ mode }) => mode)], lines)}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { record: { type: 'boolean', default: false } } });
  const path = /^unix:\/\/(.+)$/.exec(process.env.DOCKER_HOST ?? '')?.[1];
  if (!path) throw new Error('DOCKER_HOST must be unix:///path; run eval "$(.ci/engine/up)"');
  const engine = createEngine({ kind: 'socket', path });
  const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  const figures: Figures[] = [];
  for (const mode of ['dev', 'prod'] as const) figures.push(await measure(engine, mode));
  engine.close();
  const result = { bench: 'platform', machine, figures };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (values.record) record('platform', 'platform.md', result, toTable(machine, figures));
}

await main();
