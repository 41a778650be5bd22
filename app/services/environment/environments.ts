// The registry of open environments: opened by the first who asks, closed a while after the last one left.
import {
  type Connection,
  type Environment,
  type EnvironmentSettings,
  GatehouseError,
  type Guard,
} from '../../contract/index.ts';
import { isRemote, toDockerHost } from '../docker/address.ts';
import { withoutRecording } from '../docker/engineCalls.ts';
import type { History } from '../history/history.ts';
import { createJournal } from '../history/journal.ts';
import type { ComposeProject } from '../stack/composeProject.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';
import type { EngineSource } from './engines.ts';
import { type GuardState, isTighter, toGuard, type Unlock } from './guard.ts';
import type { GuardedPlace } from './guardHandlers.ts';
import { type LiveEnvironment, openEnvironment } from './liveEnvironment.ts';
import { createSettingsStore } from './settings.ts';

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
  readonly openCount: number;
  close(): Promise<void>;
}

export interface EnvironmentsOptions {
  engines: ReadonlyMap<string, EngineSource>;
  /** The compose file of an environment, where one was opened. */
  findDeclared: (id: string) => ComposeProject | null;
  history: History;
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
  const unlocks = createUnlocks();

  const settings = createSettingsStore(options.history, now);
  const placeOf = (id: string) => toPlaceKey(getEngine(options.engines, id), projectOf(id));
  const findGuard = (id: string, modes: readonly Environment['mode'][]): GuardState => {
    const engine = getEngine(options.engines, id);
    const { settings: own, isKnown } = settings.find(placeOf(id));
    return toGuard({
      engineKind: engine.kind,
      isRemote: isRemoteEngine(engine),
      modes,
      isHostReadOnly: options.isHostReadOnly,
      configured: isKnown ? own.guard : 'unknown',
      unlock: unlocks.find(id),
      now: now(),
    });
  };
  const modeOf = (id: string) => entries.get(id)?.live.frame.current.mode ?? 'unknown';
  const open = (id: string) =>
    openEnvironment({
      id,
      project: projectOf(id),
      engine: getEngine(options.engines, id),
      findDeclared: () => options.findDeclared(id),
      findGuard: (mode) => findGuard(id, [mode]),
      findSettings: () => settings.find(placeOf(id)).settings,
      journal: createJournal(options.history, () => placeOf(id), now),
      now,
    });
  // It outlives the operation that happens to open it.
  const { enter, leave } = createLeases(entries, (id) => withoutRecording(() => open(id)), lingerMs);

  const use: Environments['use'] = async (id, signal, work) => {
    const entry = enter(id);
    try {
      await untilSettled(entry.live, signal);
      return await work(entry.live);
    } finally {
      leave(id, entry);
    }
  };
  const toGuardedPlace = (id: string, modes: readonly Environment['mode'][]): GuardedPlace => {
    const unlock = unlocks.find(id);
    return {
      guard: findGuard(id, modes).guard,
      unlockReason: unlock && unlock.until > now() ? unlock.reason : null,
      place: placeOf(id),
      project: projectOf(id),
    };
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
    placeOf,
    async inspect(id, operation, input, signal) {
      const { mode: asked } = input as { mode?: unknown };
      const look = () => toGuardedPlace(id, asked === 'prod' || asked === 'dev' ? [modeOf(id), asked] : [modeOf(id)]);
      // The guard itself can be changed also while the engine does not answer.
      if (operation.startsWith('environment.')) return look();
      return use(id, signal, async () => look());
    },
    configure(id, change) {
      if (options.isHostReadOnly) throw cannotChange(id);
      const before = findGuard(id, [modeOf(id)]).guard;
      const unlock = unlocks.find(id);
      const isUnlocked = unlock !== null && unlock.until > now();
      if (change.guard !== undefined && isTighter(before, change.guard ?? 'open') && !isUnlocked) throw mustUnlock(id);
      const changed = settings.change(placeOf(id), change);
      entries.get(id)?.live.refresh();
      return changed;
    },
    unlock(id, reason, minutes) {
      if (options.isHostReadOnly) throw cannotChange(id);
      getEngine(options.engines, id);
      const until = now() + minutes * 60_000;
      unlocks.add(id, { until, reason });
      const entry = entries.get(id);
      entry?.live.refresh();
      entry?.live.changes.addOperatorAction('Environment', `unlocked for ${minutes} min: ${reason}`);
      return { guard: findGuard(id, [modeOf(id)]).guard, until };
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

function cannotChange(id: string): GatehouseError {
  return new GatehouseError({
    code: 'read-only',
    message: `The guard of ${id} cannot be changed: this host is read-only.`,
    remedy: 'Start a host without --read-only (and without GATEHOUSE_READONLY=1).',
  });
}

function mustUnlock(id: string): GatehouseError {
  return new GatehouseError({
    code: 'read-only',
    message: `The guard of ${id} would become looser.`,
    remedy: 'Unlock the environment with a reason first; making it tighter needs no unlocking.',
  });
}

function projectOf(id: string): string {
  return id.slice(id.indexOf('~') + 1);
}

/** Which engine is meant by the machine's settings may change: what is kept belongs to the engine, not to the name. */
function toPlaceKey(engine: EngineSource, project: string): string {
  if (engine.kind === 'sandbox') return `sandbox~${project}`;
  try {
    return `${toDockerHost(engine.findAddress())}~${project}`;
  } catch {
    return `${engine.id}~${project}`;
  }
}

/** What is not known to be here is not. */
function isRemoteEngine(engine: EngineSource): boolean {
  if (engine.kind === 'sandbox') return false;
  try {
    return isRemote(engine.findAddress());
  } catch {
    return true;
  }
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
