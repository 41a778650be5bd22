// Environments as places: engine and project, what was set for them, and the guard that follows from it.
import {
  type Environment,
  type EnvironmentSettings,
  environmentIdSchema,
  GatehouseError,
  type Guard,
  type KeptEnvironment,
} from '../../contract/index.ts';
import { isRemote, toDockerHost } from '../docker/address.ts';
import type { History } from '../history/history.ts';
import type { EngineSource } from './engines.ts';
import { type GuardFacts, type GuardState, guardsByChoice, isTighter, toGuard, type Unlock } from './guard.ts';
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
  /** Ends an unlock before its time. */
  lock(id: string): void;
  /** What is remembered of which place. */
  kept(): KeptEnvironment[];
  /** Throws as `configure` does: without its settings the place would have the default guard. */
  forget(place: string): void;
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
  const factsOf = (id: string, modes: readonly Mode[]): GuardFacts => {
    const engine = engineOf(id);
    const { settings: own, isKnown } = settings.find(placeOf(id));
    return {
      engineKind: engine.kind,
      isRemote: isRemoteEngine(engine),
      modes,
      isHostReadOnly,
      configured: isKnown ? own.guard : 'unknown',
      unlock: unlocks.find(id),
      now: now(),
    };
  };
  const guardOf = (id: string, modes: readonly Mode[]) => toGuard(factsOf(id, modes));
  const kept = (): KeptEnvironment[] =>
    settings.list().map(({ place, ...rest }) => {
      const { engine, project } = splitPlace(place);
      const found = [...engines.values()].find((source) => toPlaceKey(source, project) === place);
      const id = environmentIdSchema.safeParse(`${found?.id}~${project}`).data ?? null;
      return { place, project, engine, environment: found ? id : null, ...rest };
    });
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
    lock: unlocks.end,
    kept,
    forget(place) {
      if (isHostReadOnly) throw cannotChange(place);
      const known = kept().find((one) => one.place === place);
      if (!known) return;
      const { environment: id, settings: own } = known;
      const facts = id === null ? factsOfAway(place, own.guard, now()) : factsOf(id, ['unknown']);
      if (guardsByChoice(facts) && !(id !== null && unlocks.find(id))) throw mustUnlock(id ?? place);
      settings.forget(place);
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
    end(id: string) {
      unlocks.delete(id);
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

function splitPlace(place: string): { engine: string; project: string } {
  const at = place.lastIndexOf('~');
  return { engine: place.slice(0, at), project: place.slice(at + 1) };
}

/** Of a place whose engine this host does not have now: as guarded as it would be if it came back. */
function factsOfAway(place: string, configured: Guard | null, now: number): GuardFacts {
  const engineKind = splitPlace(place).engine === 'sandbox' ? 'sandbox' : 'docker';
  return { engineKind, isRemote: true, modes: ['unknown'], isHostReadOnly: false, configured, unlock: null, now };
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
