// The registry of open environments: opened by the first who asks, closed a while after the last one left.
import { type Connection, GatehouseError, type Guard } from '../../contract/index.ts';
import type { ComposeProject } from '../stack/composeProject.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';
import type { EngineSource } from './engines.ts';
import { type GuardState, toGuard } from './guard.ts';
import { type LiveEnvironment, openEnvironment } from './liveEnvironment.ts';

export interface Environments {
  /** Holds the environment open while the call lasts. One that was just opened is first given time to look around. */
  use<T>(id: string, signal: AbortSignal, work: (live: LiveEnvironment) => Promise<T>): Promise<T>;
  /** Holds the environment open while the stream is read. */
  stream<T>(id: string, signal: AbortSignal, work: (live: LiveEnvironment) => AsyncIterable<T>): AsyncGenerator<T>;
  guardOf(id: string): Guard;
  unlock(id: string, reason: string, minutes: number): { guard: Guard; until: number };
  readonly openCount: number;
  close(): Promise<void>;
}

export interface EnvironmentsOptions {
  engines: ReadonlyMap<string, EngineSource>;
  /** The compose file of an environment, where one was opened. */
  findDeclared: (id: string) => ComposeProject | null;
  isHostReadOnly: boolean;
  now: () => number;
  /** How long an environment stays open after the last one left. */
  lingerMs?: number;
}

interface Entry {
  live: LiveEnvironment;
  users: number;
  closing: NodeJS.Timeout | undefined;
}

interface Unlock {
  until: number;
  reason: string;
}

const unlockLimit = 100;

export function createEnvironments(options: EnvironmentsOptions): Environments {
  const { now, lingerMs = 30_000 } = options;
  const entries = new Map<string, Entry>();
  const unlocks = createUnlocks();

  const findGuard = (id: string, mode: 'dev' | 'prod' | 'unknown'): GuardState =>
    toGuard({
      engineKind: getEngine(options.engines, id).kind,
      mode,
      isHostReadOnly: options.isHostReadOnly,
      unlock: unlocks.find(id),
      now: now(),
    });

  const guardOf = (id: string) => findGuard(id, entries.get(id)?.live.frame.current.mode ?? 'unknown').guard;

  const open = (id: string) =>
    openEnvironment({
      id,
      project: id.slice(id.indexOf('~') + 1),
      engine: getEngine(options.engines, id),
      findDeclared: () => options.findDeclared(id),
      findGuard: (mode) => findGuard(id, mode),
      now,
    });
  const { enter, leave } = createLeases(entries, open, lingerMs);

  return {
    get openCount() {
      return entries.size;
    },
    async use(id, signal, work) {
      const entry = enter(id);
      try {
        await untilSettled(entry.live, signal);
        return await work(entry.live);
      } finally {
        leave(id, entry);
      }
    },
    async *stream(id, _signal, work) {
      const entry = enter(id);
      try {
        yield* work(entry.live);
      } finally {
        leave(id, entry);
      }
    },
    guardOf,
    unlock(id, reason, minutes) {
      if (options.isHostReadOnly) throw cannotUnlock(id);
      getEngine(options.engines, id);
      const until = now() + minutes * 60_000;
      unlocks.add(id, { until, reason });
      const entry = entries.get(id);
      entry?.live.refresh();
      entry?.live.changes.addOperatorAction('Environment', `unlocked for ${minutes} min: ${reason}`);
      return { guard: guardOf(id), until };
    },
    async close() {
      const open = [...entries.values()];
      entries.clear();
      for (const { closing } of open) clearTimeout(closing);
      await Promise.all(open.map(({ live }) => live.close()));
    },
  };
}

function getEngine(engines: ReadonlyMap<string, EngineSource>, id: string): EngineSource {
  const name = id.split('~')[0] ?? '';
  const engine = engines.get(name);
  if (engine) return engine;
  throw new GatehouseError({
    code: 'environment-unknown',
    message: `The environment ${id} is on the engine "${name}", which this host does not have.`,
    remedy: `Known engines: ${[...engines.keys()].join(', ')}. Check --engine, or open it from the Start view.`,
  });
}

/** Unlocks outlive the environment's closing; the oldest go first. */
function createUnlocks() {
  const unlocks = new Map<string, Unlock>();
  return {
    find: (id: string): Unlock | null => unlocks.get(id) ?? null,
    add(id: string, unlock: Unlock) {
      unlocks.delete(id);
      unlocks.set(id, unlock);
      const oldest = unlocks.size > unlockLimit ? unlocks.keys().next().value : undefined;
      if (oldest !== undefined) unlocks.delete(oldest);
    },
  };
}

function cannotUnlock(id: string): GatehouseError {
  return new GatehouseError({
    code: 'read-only',
    message: `${id} cannot be unlocked: this host is read-only.`,
    remedy: 'Start a host without --read-only (and without GATEHOUSE_READONLY=1).',
  });
}

/** An environment is opened for its first user and closed a while after its last one, so that a reload costs nothing. */
function createLeases(entries: Map<string, Entry>, open: (id: string) => LiveEnvironment, lingerMs: number) {
  return {
    enter(id: string): Entry {
      const entry = entries.get(id) ?? { live: open(id), users: 0, closing: undefined };
      entries.set(id, entry);
      entry.users += 1;
      clearTimeout(entry.closing);
      return entry;
    },
    leave(id: string, entry: Entry): void {
      entry.users -= 1;
      if (entry.users > 0 || entries.get(id) !== entry) return;
      entry.closing = setTimeout(() => {
        // Demo traffic that was asked for goes on until its own end.
        if (entry.live.demo.state.current.state === 'running') {
          entry.closing?.refresh();
          return;
        }
        entries.delete(id);
        void entry.live.close();
      }, lingerMs);
    },
  };
}

const settleWithinMs = 3000;

/** Until engine and gateway have answered, or did not in time: a call right after the opening must not fail for that. */
async function untilSettled({ stack, gateway }: LiveEnvironment, signal: AbortSignal): Promise<void> {
  const isKnown = ({ state }: Connection) => state !== 'connecting';
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  const timer = setTimeout(stop, settleWithinMs);
  signal.addEventListener('abort', stop);
  const until = async (connection: LiveValue<Connection>) => {
    for await (const current of follow(connection, waiting.signal)) if (isKnown(current)) return;
  };
  try {
    await until(stack.connection);
    // Without an engine nobody says where the gateway is.
    if (stack.connection.current.state === 'live') await until(gateway.connection);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
