// The registry of open environments: opened by the first who asks, closed a while after the last one left.
import type { Connection, EnvironmentSettings, Guard, KeptEnvironment } from '../../contract/index.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { History } from '../history/history.ts';
import { createJournal } from '../history/journal.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';
import type { Collectors } from '../traces/otlp/collectors.ts';
import type { EngineSource } from './engines.ts';
import type { GuardedPlace } from './guardHandlers.ts';
import { type LiveEnvironment, openEnvironment } from './liveEnvironment.ts';
import { createPlaces, type Places } from './places.ts';

export interface Environments {
  /** Holds the environment open while the call lasts. One that was just opened is first given time to look around. */
  use<T>(id: string, signal: AbortSignal, work: (live: LiveEnvironment) => Promise<T>): Promise<T>;
  /** Holds the environment open while the stream is read. */
  stream<T>(id: string, signal: AbortSignal, work: (live: LiveEnvironment) => AsyncIterable<T>): AsyncGenerator<T>;
  /** The guard for an operation; where it may change something, after it is known what runs. */
  inspect(id: string, operation: string, input: object, signal: AbortSignal): Promise<GuardedPlace>;
  /** Engine and project; under it the history is kept. */
  placeOf(id: string): string;
  /** Throws `read-only` on a read-only host, and where the guard would be loosened without an unlock. */
  configure(id: string, change: Partial<EnvironmentSettings>): EnvironmentSettings;
  unlock(id: string, reason: string, minutes: number): { guard: Guard; until: number };
  lock(id: string): { guard: Guard };
  kept(): KeptEnvironment[];
  /** Throws as `configure` does. */
  forget(place: string): void;
  readonly openCount: number;
  close(): Promise<void>;
}

export interface EnvironmentsOptions {
  engines: ReadonlyMap<string, EngineSource>;
  /** The compose file of an environment, where one was opened. */
  findDeclared: (id: string) => LoadedProject | null;
  history: History;
  collectors: Collectors;
  isHostReadOnly: boolean;
  now: () => number;
  /** How long an environment stays open after the last one left. */
  lingerMs?: number;
}

interface Entry {
  live: LiveEnvironment;
  users: number;
  closing: NodeJS.Timeout | undefined;
  /** Of a monotonic clock: until then a call waits for the gateway. */
  settlesBy: number;
}

export function createEnvironments(options: EnvironmentsOptions): Environments {
  const { now, lingerMs = 30_000 } = options;
  const entries = new Map<string, Entry>();
  const places = createPlaces(options);
  const open = (id: string) =>
    openEnvironment({
      id,
      project: places.projectOf(id),
      engine: places.engineOf(id),
      findDeclared: () => options.findDeclared(id),
      findGuard: (mode) => places.guardOf(id, [mode]),
      findSettings: () => places.settingsOf(id),
      collectors: { find: () => options.collectors.find(id), onChange: options.collectors.onChange },
      journal: createJournal(options.history, () => places.placeOf(id), now),
      now,
    });
  // It outlives the operation that happens to open it.
  const { enter, leave } = createLeases(entries, (id) => withoutRecording(() => open(id)), lingerMs);
  const use: Environments['use'] = async (id, signal, work) => {
    const entry = enter(id);
    try {
      await untilSettled(entry, signal);
      return await work(entry.live);
    } finally {
      leave(id, entry);
    }
  };

  return {
    get openCount() {
      return entries.size;
    },
    use,
    async *stream(id, _signal, work) {
      const entry = enter(id);
      try {
        yield* work(entry.live);
      } finally {
        leave(id, entry);
      }
    },
    placeOf: places.placeOf,
    ...createGuardVerbs(places, entries, use),
    async close() {
      const open = [...entries.values()];
      entries.clear();
      for (const { closing } of open) clearTimeout(closing);
      await Promise.all(open.map(({ live }) => live.close()));
    },
  };
}

type GuardVerbs = Pick<Environments, 'inspect' | 'configure' | 'unlock' | 'lock' | 'kept' | 'forget'>;

/** What an open environment runs decides on its guard, and what is done to the guard shows in its frame. */
function createGuardVerbs(places: Places, entries: ReadonlyMap<string, Entry>, use: Environments['use']): GuardVerbs {
  const modeOf = (id: string) => entries.get(id)?.live.frame.current.mode ?? 'unknown';
  return {
    async inspect(id, operation, input, signal) {
      const { mode: asked } = input as { mode?: unknown };
      const look = () => places.look(id, asked === 'prod' || asked === 'dev' ? [modeOf(id), asked] : [modeOf(id)]);
      // The guard itself can be changed also while the engine does not answer.
      if (operation.startsWith('environment.')) return look();
      return use(id, signal, async () => look());
    },
    configure(id, change) {
      const changed = places.configure(id, [modeOf(id)], change);
      entries.get(id)?.live.refresh();
      return changed;
    },
    unlock(id, reason, minutes) {
      const until = places.unlock(id, reason, minutes);
      const live = entries.get(id)?.live;
      live?.refresh();
      live?.changes.addOperatorAction('Environment', `unlocked for ${minutes} min: ${reason}`);
      return { guard: places.guardOf(id, [modeOf(id)]).guard, until };
    },
    lock(id) {
      places.lock(id);
      const live = entries.get(id)?.live;
      live?.refresh();
      live?.changes.addOperatorAction('Environment', 'locked again');
      return { guard: places.guardOf(id, [modeOf(id)]).guard };
    },
    kept: places.kept,
    forget(place) {
      places.forget(place);
      for (const { live } of entries.values()) live.refresh();
    },
  };
}

/** An environment is opened for its first user and closed a while after its last one, so that a reload costs nothing. */
function createLeases(entries: Map<string, Entry>, open: (id: string) => LiveEnvironment, lingerMs: number) {
  return {
    enter(id: string): Entry {
      const entry = entries.get(id) ?? {
        live: open(id),
        users: 0,
        closing: undefined,
        settlesBy: performance.now() + settleWithinMs,
      };
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

/**
 * Until engine and gateway have answered, or did not in time: a call right after the opening must not fail for that. The
 * engine is waited for by each call, since the guard depends on what runs; the gateway only while the opening is new.
 */
async function untilSettled({ live: { stack, gateway }, settlesBy }: Entry, signal: AbortSignal): Promise<void> {
  await untilKnown(stack.connection, settleWithinMs, signal);
  // Without an engine nobody says where the gateway is.
  if (stack.connection.current.state !== 'live') return;
  await untilKnown(gateway.connection, Math.max(0, settlesBy - performance.now()), signal);
}

async function untilKnown(connection: LiveValue<Connection>, withinMs: number, signal: AbortSignal): Promise<void> {
  if (connection.current.state !== 'connecting') return;
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  const timer = setTimeout(stop, withinMs);
  signal.addEventListener('abort', stop);
  try {
    for await (const { state } of follow(connection, waiting.signal)) if (state !== 'connecting') return;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
