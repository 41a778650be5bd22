// Follows one compose project on one engine: list, then events, and again after every loss of the connection.
import { type Connection, GatehouseError, type Problem } from '../../contract/index.ts';
import { createLiveValue, isSameJson, type LiveValue } from '../stream/liveValue.ts';
import { createWake, wait } from '../stream/wait.ts';
import { withoutRecording } from './callRecording.ts';
import type { Engine } from './engine.ts';
import { type EngineEvent, readContainerEvents } from './engineEvent.ts';
import { type EngineIdentity, type ObservedContainer, toObservedContainer } from './observed.ts';
import { type Observed, type ObservedDelta, reduceObserved } from './reducer.ts';

export interface ProjectWatch {
  /** Stays at the last observation while the engine is lost; `connection` says so. undefined before the first one. */
  readonly observed: LiveValue<Observed | undefined>;
  readonly connection: LiveValue<Connection>;
  /** Events of the project's containers, after they were taken into `observed`. */
  onEvent(listener: (event: EngineEvent) => void): () => void;
  close(): Promise<void>;
}

export interface ProjectWatchOptions {
  /** Asked at each connect: the sandbox's engine comes and goes, and so may the address. Throws a problem. */
  openEngine: () => Engine;
  project: string;
  now: () => number;
}

const pingEveryMs = 2000;
const pingTimeoutMs = 1500;
const longestDelayMs = 2000;
/** Each try over ssh is a process here and a handshake there. */
const longestSshDelayMs = 30_000;
/** Catches what events do not tell: probe output of an unhealthy container, restart counts. */
const relistEveryMs = 15_000;
const inspectAtOnce = 8;

export function watchProject(options: ProjectWatchOptions): ProjectWatch {
  const closing = new AbortController();
  const observed = createLiveValue<Observed | undefined>(undefined);
  const connection = createLiveValue<Connection>(
    { source: 'engine', state: 'connecting', lastSeenAt: null, detail: 'connecting', problem: null },
    isSameJson,
  );
  const listeners = new Set<(event: EngineEvent) => void>();

  const session: SessionContext = {
    project: options.project,
    now: options.now,
    apply: (delta) => observed.set(reduceObserved(observed.current, delta)),
    isKnown: (id) => observed.current?.containers.has(id) ?? false,
    emit: (event) => {
      for (const listener of [...listeners]) listener(event);
    },
    seen: (engine) =>
      connection.set({
        source: 'engine',
        state: 'live',
        lastSeenAt: options.now(),
        detail: `${engine.isSandbox ? 'Sandbox' : 'Docker'} ${engine.version}`.trim(),
        problem: null,
      }),
  };

  const running = withoutRecording(keepConnected);
  async function keepConnected(): Promise<void> {
    let delayMs = 100;
    let longestMs = longestDelayMs;
    const openEngine = () => {
      const engine = options.openEngine();
      longestMs = engine.address.kind === 'ssh' ? longestSshDelayMs : longestDelayMs;
      return engine;
    };
    while (!closing.signal.aborted) {
      const startedAt = options.now();
      const problem = await runSession(openEngine, session, closing.signal);
      if (closing.signal.aborted) return;
      if (problem) {
        const { lastSeenAt } = connection.current;
        connection.set({ source: 'engine', state: 'lost', lastSeenAt, detail: 'not reachable', problem });
      }
      // A connection that held for a while was good: begin with the short delay again.
      delayMs = options.now() - startedAt > 10_000 ? 100 : Math.min(longestMs, delayMs * 2);
      await wait(delayMs, closing.signal);
    }
  }

  return {
    observed,
    connection,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

interface SessionContext {
  project: string;
  now: () => number;
  apply(delta: ObservedDelta): void;
  isKnown(id: string): boolean;
  emit(event: EngineEvent): void;
  seen(engine: EngineIdentity): void;
}

/** One connection from open to loss. undefined: the event stream ended, but the engine still answers. */
async function runSession(
  openEngine: () => Engine,
  context: SessionContext,
  closing: AbortSignal,
): Promise<Problem | undefined> {
  const ending = new AbortController();
  const end = () => ending.abort();
  closing.addEventListener('abort', end);
  let engine: Engine | undefined;
  try {
    engine = openEngine();
    await followEvents(engine, context, ending);
    // The stream ended by itself. Whether the engine went with it is for a ping to say.
    if (!closing.aborted) await engine.ping(pingTimeoutMs);
    return undefined;
  } catch (error) {
    return toProblem(error);
  } finally {
    closing.removeEventListener('abort', end);
    end();
    engine?.close();
  }
}

async function followEvents(engine: Engine, context: SessionContext, ending: AbortController): Promise<void> {
  await engine.ping(pingTimeoutMs);
  // Events first, then the list: what happens in between is seen twice rather than never.
  const stream = await engine.events(ending.signal);
  const updates = createUpdater(engine, context, ending.signal);
  readContainerEvents(stream, updates.take);
  const streamEnded = new Promise<void>((resolve) => stream.once('close', resolve));
  try {
    await Promise.race([streamEnded, updates.run(), keepPinging(engine, ending.signal)]);
  } finally {
    ending.abort();
    stream.destroy();
  }
}

/** Rejects with the problem as soon as one ping stays without an answer. */
async function keepPinging(engine: Engine, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await wait(pingEveryMs, signal);
    if (!signal.aborted) await engine.ping(pingTimeoutMs);
  }
}

/** Turns events into deltas: one inspect for a burst of events of the same container. */
function createUpdater(engine: Engine, context: SessionContext, signal: AbortSignal) {
  const dirty = new Map<string, EngineEvent[]>();
  const wake = createWake();
  let networksDirty = false;

  const belongs = (event: EngineEvent) => event.project === context.project || context.isKnown(event.id);

  const updateContainer = async (id: string, events: EngineEvent[]) => {
    const container = await inspectOf(engine, context.project, id);
    const at = context.now();
    context.apply(container ? { type: 'containerSeen', at, container } : { type: 'containerGone', at, id });
    for (const event of events) context.emit(event);
  };

  const relist = async () => {
    const [identity, listed, networks] = await Promise.all([
      engine.info(),
      engine.listContainers(context.project),
      engine.listNetworks(),
    ]);
    const containers = await inspectAll(
      engine,
      context.project,
      listed.map(({ id }) => id),
    );
    context.apply({ type: 'listed', at: context.now(), engine: identity, containers, networks });
    context.seen(identity);
  };

  return {
    take(event: EngineEvent) {
      if (event.type === 'network') {
        networksDirty = true;
        if (event.container && context.isKnown(event.container))
          dirty.set(event.container, dirty.get(event.container) ?? []);
      } else if (belongs(event)) {
        dirty.set(event.id, [...(dirty.get(event.id) ?? []), event]);
      } else return;
      wake.notify();
    },
    async run() {
      await relist();
      let listedAt = context.now();
      while (!signal.aborted) {
        await wake.next(signal, relistEveryMs);
        if (signal.aborted) return;
        const batch = [...dirty];
        dirty.clear();
        await inBatches(batch, ([id, events]) => updateContainer(id, events));
        if (networksDirty) {
          networksDirty = false;
          context.apply({ type: 'networksSeen', at: context.now(), networks: await engine.listNetworks() });
        }
        if (context.now() - listedAt >= relistEveryMs) {
          await relist();
          listedAt = context.now();
        }
      }
    },
  };
}

async function inspectOf(engine: Engine, project: string, id: string): Promise<ObservedContainer | undefined> {
  const inspected = await engine.inspect(id);
  const container = inspected && toObservedContainer(inspected);
  return container?.project === project ? container : undefined;
}

async function inspectAll(engine: Engine, project: string, ids: string[]): Promise<ObservedContainer[]> {
  const found: ObservedContainer[] = [];
  await inBatches(ids, async (id) => {
    const container = await inspectOf(engine, project, id);
    if (container) found.push(container);
  });
  return found;
}

async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let index = 0; index < items.length; index += inspectAtOnce) {
    await Promise.all(items.slice(index, index + inspectAtOnce).map(work));
  }
}

function toProblem(error: unknown): Problem {
  if (error instanceof GatehouseError) return error.toProblem();
  return {
    code: 'engine-unreachable',
    message: `The engine gave an answer that is not understood: ${error instanceof Error ? error.message.slice(0, 300) : 'unknown'}.`,
    remedy: 'Check that the address belongs to a Docker engine, API 1.40 or later.',
  };
}
