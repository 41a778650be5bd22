// The registry of open environments: opened by the first who asks, closed a while after the last one left.
import { GatehouseError, type Guard } from '../../contract/index.ts';
import type { ComposeProject } from '../stack/composeProject.ts';
import type { EngineSource } from './engines.ts';
import { type GuardState, toGuard } from './guard.ts';
import { type LiveEnvironment, openEnvironment } from './liveEnvironment.ts';

export interface Environments {
  /** Holds the environment open while the call lasts. */
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

const unlockLimit = 100;

export function createEnvironments(options: EnvironmentsOptions): Environments {
  const { now, lingerMs = 30_000 } = options;
  const entries = new Map<string, Entry>();
  const unlocks = new Map<string, { until: number; reason: string }>();

  const findGuard = (id: string, mode: 'dev' | 'prod' | 'unknown'): GuardState =>
    toGuard({
      engineKind: getEngine(id).kind,
      mode,
      isHostReadOnly: options.isHostReadOnly,
      unlock: unlocks.get(id) ?? null,
      now: now(),
    });

  const getEngine = (id: string): EngineSource => {
    const name = id.split('~')[0] ?? '';
    const engine = options.engines.get(name);
    if (engine) return engine;
    throw new GatehouseError({
      code: 'environment-unknown',
      message: `The environment ${id} is on the engine "${name}", which this host does not have.`,
      remedy: `Known engines: ${[...options.engines.keys()].join(', ')}. Check --engine, or open it from the Start view.`,
    });
  };

  const guardOf = (id: string) => findGuard(id, entries.get(id)?.live.frame.current.mode ?? 'unknown').guard;

  const enter = (id: string): Entry => {
    const known = entries.get(id);
    if (known) {
      known.users += 1;
      clearTimeout(known.closing);
      return known;
    }
    const live = openEnvironment({
      id,
      project: id.slice(id.indexOf('~') + 1),
      engine: getEngine(id),
      findDeclared: () => options.findDeclared(id),
      findGuard: (mode) => findGuard(id, mode),
      now,
    });
    const entry: Entry = { live, users: 1, closing: undefined };
    entries.set(id, entry);
    return entry;
  };

  const leave = (id: string, entry: Entry) => {
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
  };

  return {
    get openCount() {
      return entries.size;
    },
    async use(id, _signal, work) {
      const entry = enter(id);
      try {
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
      if (options.isHostReadOnly) {
        throw new GatehouseError({
          code: 'read-only',
          message: `${id} cannot be unlocked: this host is read-only.`,
          remedy: 'Start a host without --read-only (and without GATEHOUSE_READONLY=1).',
        });
      }
      getEngine(id);
      const until = now() + minutes * 60_000;
      unlocks.delete(id);
      unlocks.set(id, { until, reason });
      const oldest = unlocks.size > unlockLimit ? unlocks.keys().next().value : undefined;
      if (oldest !== undefined) unlocks.delete(oldest);
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
