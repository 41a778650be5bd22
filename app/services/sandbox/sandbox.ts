// The sandbox of this host: its engine, the platform on it, and how far its start has come.
import { rm } from 'node:fs/promises';
import { GatehouseError, type Problem, type Sandbox, type SandboxItem } from '../../contract/index.ts';
import { createEngine } from '../docker/engine.ts';
import { watchProject } from '../docker/projectWatch.ts';
import type { ComposeProject } from '../stack/composeProject.ts';
import { createLiveValue, type LiveValue } from '../stream/liveValue.ts';
import { type EngineProcess, failed, lastWords, startEngineProcess, toSandboxFolder } from './engineProcess.ts';
import type { Programs } from './programs.ts';
import { removeStaleFolders } from './staleFolders.ts';
import { startPlatform } from './startPlatform.ts';

export interface SandboxOptions {
  programs: Programs;
  runtimeFolder: string;
  /** Reads the platform's compose file. */
  loadProject: () => Promise<ComposeProject>;
  now: () => number;
}

export interface SandboxControl {
  readonly state: LiveValue<Sandbox>;
  /** The engine's socket while it runs. */
  readonly socketPath: string | undefined;
  /** The platform's compose file, once it was read. */
  readonly project: ComposeProject | undefined;
  /** Resolves when the platform is up; a second call waits for the first one's start. */
  start(): Promise<{ environment: string }>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

export function createSandbox(options: SandboxOptions): SandboxControl {
  const { now } = options;
  const state = createLiveValue<Sandbox>(off(now()));
  const folder = toSandboxFolder(options.runtimeFolder, process.pid);
  let engine: EngineProcess | undefined;
  let project: ComposeProject | undefined;
  let starting: Promise<{ environment: string }> | undefined;
  let stopping: Promise<void> | undefined;
  let startAbort = new AbortController();

  const setItem = (name: string, itemState: SandboxItem['state'], detail: string) => {
    const { current } = state;
    state.set({
      ...current,
      items: current.items.map((item) =>
        item.name === name && (item.state !== itemState || item.detail !== detail)
          ? { name, state: itemState, detail, since: item.state === itemState ? item.since : now() }
          : item,
      ),
    });
  };

  /** While the engine still runs, its environment can be looked at: the logs say why. */
  const fail = (problem: Problem) => {
    const gone = engine ? {} : { environment: null, address: null };
    state.set({ ...state.current, ...gone, state: 'failed', since: now(), problem });
  };

  const bringUp = async (): Promise<{ environment: string }> => {
    startAbort = new AbortController();
    state.set({ ...off(now()), state: 'starting' });
    try {
      // What a failed start left running.
      await tearDown();
      await removeStaleFolders(options.runtimeFolder);
      project = await options.loadProject();
      const items = project.services.map(
        ({ name, image }): SandboxItem => ({ name, state: 'waiting', detail: image, since: now() }),
      );
      state.set({ ...state.current, items });
      engine = await startEngineProcess(options.programs, folder, startAbort.signal);
      watchForCrash(engine);
      state.set({ ...state.current, address: `unix://${engine.socketPath}`, environment: toEnvironmentId(project) });
      await runPlatform(engine, project);
      state.set({ ...state.current, state: 'running', since: now() });
      return { environment: toEnvironmentId(project) };
    } catch (error) {
      const problem = toProblem(error);
      if (state.current.state === 'starting') fail(problem);
      throw new GatehouseError(problem, { cause: error });
    }
  };

  const runPlatform = async ({ socketPath }: EngineProcess, compose: ComposeProject) => {
    const openEngine = () => createEngine({ kind: 'socket', path: socketPath });
    const client = openEngine();
    const watch = watchProject({ openEngine, project: compose.name, now });
    try {
      await startPlatform({
        engine: client,
        observed: watch.observed,
        project: compose,
        folder: options.programs.platformFolder,
        onItem: setItem,
        signal: startAbort.signal,
      });
    } finally {
      await watch.close();
      client.close();
    }
  };

  /** An engine that ends unasked takes its containers with it. */
  const watchForCrash = (process: EngineProcess) => {
    void process.ended.then((end) => {
      if (engine !== process || stopping) return;
      engine = undefined;
      startAbort.abort();
      const items = state.current.items.map((item) => ({ ...item, state: 'stopped' as const, since: now() }));
      state.set({ ...state.current, items });
      const remedy =
        'Start it again; its log says more when it runs in a terminal (`gatehouse sandbox --socket PATH`).';
      fail(failed(`its engine ended: ${lastWords(end)}`, remedy).toProblem());
    });
  };

  const tearDown = async () => {
    const old = engine;
    engine = undefined;
    // The engine ends its containers before it ends itself.
    await old?.stop();
    await rm(folder, { recursive: true, force: true });
  };

  const bringDown = async (): Promise<void> => {
    state.set({ ...state.current, state: 'stopping', since: now() });
    startAbort.abort();
    await starting?.catch(() => {});
    await tearDown();
    state.set(off(now()));
  };

  const stop = (): Promise<void> => {
    if (!engine && !starting && state.current.state !== 'failed') return Promise.resolve();
    stopping ??= bringDown().finally(() => {
      stopping = undefined;
    });
    return stopping;
  };

  return {
    state,
    get socketPath() {
      return engine?.socketPath;
    },
    get project() {
      return project;
    },
    async start() {
      await stopping;
      if (state.current.state === 'running' && project) return { environment: toEnvironmentId(project) };
      starting ??= bringUp().finally(() => {
        starting = undefined;
      });
      return starting;
    },
    stop,
    close: stop,
  };
}

function off(since: number): Sandbox {
  return { state: 'off', environment: null, address: null, since, items: [], problem: null };
}

export function toEnvironmentId(project: ComposeProject): string {
  return `sandbox~${project.name}`;
}

function toProblem(error: unknown): Problem {
  if (error instanceof GatehouseError) return error.toProblem();
  const reason = error instanceof Error ? error.message.slice(0, 500) : 'unknown reason';
  return failed(reason, 'Start it again; if it stays so, look at the log of `gatehouse serve`.').toProblem();
}
