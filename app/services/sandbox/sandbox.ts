// The sandbox of this host: its engine, the platform on it, and how far its start has come.
import { rm } from 'node:fs/promises';
import { GatehouseError, type Problem, type Sandbox } from '../../contract/index.ts';
import { createEngine } from '../docker/engine.ts';
import { watchProject } from '../docker/projectWatch.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import type { Project } from '../stack/compose/project.ts';
import type { LiveValue } from '../stream/liveValue.ts';
import type { Collectors } from '../traces/otlp/collectors.ts';
import { type EngineProcess, failed, lastWords, startEngineProcess, toSandboxFolder } from './engineProcess.ts';
import type { Programs } from './programs.ts';
import { createProgress, type Progress } from './progress.ts';
import { removeStaleFolders } from './staleFolders.ts';
import { type StartOptions, startPlatform } from './startPlatform.ts';

export interface SandboxOptions {
  programs: Programs;
  runtimeFolder: string;
  /** Reads the platform's compose file. */
  loadProject: () => Promise<LoadedProject>;
  now: () => number;
  /** Where the spans of its platform are kept; without, its stand-in of Jaeger throws them away. */
  collectors?: Pick<Collectors, 'open' | 'close'>;
  /** How long each service took is worth keeping. */
  onUp?: StartOptions['onUp'];
}

export interface SandboxControl {
  readonly state: LiveValue<Sandbox>;
  /** The engine's socket while it runs. */
  readonly socketPath: string | undefined;
  /** The platform's compose files, once they were read. */
  readonly loaded: LoadedProject | undefined;
  /** Resolves when the platform is up; a second call waits for the first one's start. */
  start(): Promise<{ environment: string }>;
  /** The engine with nothing on it, for who asks what would happen there. Called once, before anything is started. */
  startEngine(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** What runs now; changed by the steps below and by nothing else. */
interface Run {
  readonly folder: string;
  engine: EngineProcess | undefined;
  loaded: LoadedProject | undefined;
  abort: AbortController;
  isStopping: boolean;
}

export function createSandbox(options: SandboxOptions): SandboxControl {
  const progress = createProgress(options.now);
  const { state } = progress;
  const run: Run = {
    folder: toSandboxFolder(options.runtimeFolder, process.pid),
    engine: undefined,
    loaded: undefined,
    abort: new AbortController(),
    isStopping: false,
  };
  let starting: Promise<{ environment: string }> | undefined;
  let stopping: Promise<void> | undefined;

  const bringDown = async (): Promise<void> => {
    run.isStopping = true;
    progress.setState('stopping');
    run.abort.abort();
    await starting?.catch(() => {});
    await tearDown(run, options);
    progress.reset();
    run.isStopping = false;
  };
  const stop = (): Promise<void> => {
    if (!run.engine && !starting && state.current.state !== 'failed') return Promise.resolve();
    stopping ??= bringDown().finally(() => {
      stopping = undefined;
    });
    return stopping;
  };

  return {
    state,
    get socketPath() {
      return run.engine?.socketPath;
    },
    get loaded() {
      return run.loaded;
    },
    async start() {
      await stopping;
      if (state.current.state === 'running' && run.loaded) {
        return { environment: toEnvironmentId(run.loaded.project) };
      }
      starting ??= bringUp(run, progress, options).finally(() => {
        starting = undefined;
      });
      return starting;
    },
    async startEngine() {
      await removeStaleFolders(options.runtimeFolder);
      run.engine = await startEngineProcess(options.programs, { folder: run.folder }, run.abort.signal);
    },
    stop,
    close: stop,
  };
}

async function bringUp(run: Run, progress: Progress, options: SandboxOptions): Promise<{ environment: string }> {
  run.abort = new AbortController();
  const { signal } = run.abort;
  progress.begin();
  try {
    // What a failed start left running.
    await tearDown(run, options);
    await removeStaleFolders(options.runtimeFolder);
    const loaded = await options.loadProject();
    const { project } = loaded;
    run.loaded = loaded;
    progress.setItems(Object.entries(project.services).map(([name, { image = '' }]) => ({ name, detail: image })));
    const collector = await options.collectors?.open(toEnvironmentId(project), { port: 0, isAsked: false });
    const spansTo = collector && new URL(collector.describe().endpoint).host;
    const engine = await startEngineProcess(options.programs, { folder: run.folder, spansTo }, signal);
    run.engine = engine;
    watchForCrash(run, engine, progress);
    progress.setPlace(engine.socketPath, toEnvironmentId(project));
    await runPlatform(engine, loaded, progress.setItem, { signal, now: options.now, onUp: options.onUp });
    if (signal.aborted) throw failed('its start was stopped', 'Start it again.');
    progress.setState('running');
    return { environment: toEnvironmentId(project) };
  } catch (error) {
    const problem = toProblem(error);
    // A crash or a stop in between has said more already.
    if (progress.state.current.state === 'starting') progress.fail(problem, run.engine === undefined);
    throw new GatehouseError(problem, { cause: error });
  }
}

/** An engine that ends unasked takes its containers with it. */
function watchForCrash(run: Run, engine: EngineProcess, progress: Progress): void {
  void engine.ended.then((end) => {
    if (run.engine !== engine || run.isStopping) return;
    run.engine = undefined;
    run.abort.abort();
    const remedy = 'Start it again; its log says more when it runs in a terminal (`gatehouse sandbox --socket PATH`).';
    progress.fail(failed(`its engine ended: ${lastWords(end)}`, remedy).toProblem(), true);
  });
}

async function tearDown(run: Run, { collectors }: SandboxOptions): Promise<void> {
  const { engine } = run;
  run.engine = undefined;
  // The engine ends its containers before it ends itself.
  await engine?.stop();
  if (run.loaded) await collectors?.close(toEnvironmentId(run.loaded.project));
  await rm(run.folder, { recursive: true, force: true });
}

async function runPlatform(
  { socketPath }: EngineProcess,
  loaded: LoadedProject,
  onItem: StartOptions['onItem'],
  { signal, now, onUp }: Pick<StartOptions, 'signal' | 'now' | 'onUp'>,
): Promise<void> {
  const openEngine = () => createEngine({ kind: 'socket', path: socketPath });
  const client = openEngine();
  const watch = watchProject({ openEngine, project: loaded.project.name, now });
  try {
    await startPlatform({ engine: client, observed: watch.observed, loaded, onItem, onUp, signal, now });
  } finally {
    await watch.close();
    client.close();
  }
}

export function toEnvironmentId(project: Project): string {
  return `sandbox~${project.name}`;
}

function toProblem(error: unknown): Problem {
  if (error instanceof GatehouseError) return error.toProblem();
  const reason = error instanceof Error ? error.message.slice(0, 500) : 'unknown reason';
  return failed(reason, 'Start it again; if it stays so, look at the log of `gatehouse serve`.').toProblem();
}
