// Environments as places: engine and project, what was set for them, and the guard that follows from it.
import { type Environment, type EnvironmentSettings, GatehouseError, type Guard } from '../../contract/index.ts';
import { isRemote, toDockerHost } from '../docker/address.ts';
import type { History } from '../history/history.ts';
import type { EngineSource } from './engines.ts';
import { type GuardState, isTighter, toGuard, type Unlock } from './guard.ts';
import type { GuardedPlace } from './guardHandlers.ts';
import { createSettingsStore } from './settings.ts';

type Mode = Environment['mode'];

export interface Places {
  /** Throws `environment-unknown`. */
  engineOf(id: string): EngineSource;
  projectOf(id: string): string;
  /** Engine and project; under it the history is kept. */
  placeOf(id: string): string;
  settingsOf(id: string): EnvironmentSettings;
  /** In force for these modes: what runs, and what is asked to run. */
  guardOf(id: string, modes: readonly Mode[]): GuardState;
  look(id: string, modes: readonly Mode[]): GuardedPlace;
  /** Throws `read-only` on a read-only host, and where the guard would be loosened without an unlock. */
  configure(id: string, modes: readonly Mode[], change: Partial<EnvironmentSettings>): EnvironmentSettings;
  /** Throws `read-only` on a read-only host. Gives the moment until when it lasts. */
  unlock(id: string, reason: string, minutes: number): number;
}

export interface PlacesOptions {
  engines: ReadonlyMap<string, EngineSource>;
  history: History;
  isHostReadOnly: boolean;
  now: () => number;
}

export function createPlaces({ engines, history, isHostReadOnly, now }: PlacesOptions): Places {
  const unlocks = createUnlocks(now);
  const settings = createSettingsStore(history, now);
  const engineOf = (id: string) => getEngine(engines, id);
  const placeOf = (id: string) => toPlaceKey(engineOf(id), projectOf(id));
  const guardOf = (id: string, modes: readonly Mode[]): GuardState => {
    const engine = engineOf(id);
    const { settings: own, isKnown } = settings.find(placeOf(id));
    return toGuard({
      engineKind: engine.kind,
      isRemote: isRemoteEngine(engine),
      modes,
      isHostReadOnly,
      configured: isKnown ? own.guard : 'unknown',
      unlock: unlocks.find(id),
      now: now(),
    });
  };
  return {
    engineOf,
    projectOf,
    placeOf,
    guardOf,
    settingsOf: (id) => settings.find(placeOf(id)).settings,
    look(id, modes) {
      const { guard, reason } = guardOf(id, modes);
      const unlockReason = unlocks.find(id)?.reason ?? null;
      return { guard, guardReason: reason, unlockReason, place: placeOf(id), project: projectOf(id) };
    },
    configure(id, modes, change) {
      if (isHostReadOnly) throw cannotChange(id);
      if (isLooser(change.guard, guardOf(id, modes).guard) && !unlocks.find(id)) throw mustUnlock(id);
      return settings.change(placeOf(id), change);
    },
    unlock(id, reason, minutes) {
      if (isHostReadOnly) throw cannotChange(id);
      engineOf(id);
      const until = now() + minutes * 60_000;
      unlocks.add(id, { until, reason });
      return until;
    },
  };
}

/** null is the default of the place, which may be anything. */
function isLooser(change: Guard | null | undefined, current: Guard): boolean {
  return change !== undefined && isTighter(current, change ?? 'open');
}

const unlockLimit = 100;

/** Unlocks outlive the environment's closing, but not the host; the oldest go first. */
function createUnlocks(now: () => number) {
  const unlocks = new Map<string, Unlock>();
  return {
    /** null when there is none in force. */
    find(id: string): Unlock | null {
      const unlock = unlocks.get(id);
      return unlock && unlock.until > now() ? unlock : null;
    },
    add(id: string, unlock: Unlock) {
      unlocks.delete(id);
      unlocks.set(id, unlock);
      const oldest = unlocks.size > unlockLimit ? unlocks.keys().next().value : undefined;
      if (oldest !== undefined) unlocks.delete(oldest);
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

function projectOf(id: string): string {
  return id.slice(id.indexOf('~') + 1);
}

/** Which engine the machine's settings mean may change: what is kept belongs to the engine, not to its name here. */
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
