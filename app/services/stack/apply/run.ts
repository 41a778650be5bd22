// What one application of a plan holds while it runs: who is there by now, and where things are told.
import type { ApplyProgress, PlanNote } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import type { EngineDefaults } from '../../docker/stackParts.ts';
import type { PreparedPlan } from '../plan/preparedPlan.ts';
import type { ApplyOptions } from './applyPlan.ts';
import type { Pulse } from './pulse.ts';

export interface Run {
  readonly prepared: PreparedPlan;
  readonly engine: Engine;
  readonly defaults: EngineDefaults;
  readonly options: ApplyOptions;
  readonly pulse: Pulse;
  /** By which compose would know the container; undefined where compose cannot be asked. */
  findConfigHash(service: string): Promise<string | undefined>;
  /** Containers by service and replica, as they are by now. */
  readonly members: Members;
  readonly problems: PlanNote[];
  /** Things that went wrong without stopping anything. */
  readonly remarks: PlanNote[];
  now(): number;
  report(step: string, state: ApplyProgress['state'], detail: string): void;
}

export interface Members {
  find(service: string, replica: number | null): string[];
  set(service: string, replica: number, id: string): void;
  delete(id: string): void;
}

export function createMembers({ observed }: PreparedPlan): Members {
  const ids = new Map<string, { service: string; replica: number; id: string }>();
  const set = (service: string, replica: number, id: string) =>
    ids.set(`${service} ${replica}`, { service, replica, id });
  for (const { service, replica, id, oneOff } of observed.containers) {
    if (service !== null && !oneOff) set(service, replica, id);
  }
  return {
    find: (service, replica) =>
      [...ids.values()]
        .filter((one) => one.service === service && (replica === null || one.replica === replica))
        .sort((a, b) => a.replica - b.replica)
        .map(({ id }) => id),
    set,
    delete: (id) => {
      for (const [key, one] of ids) if (one.id === id) ids.delete(key);
    },
  };
}

/** Ends a step without success. `skipped`: nothing was done, since something before it failed or it was cancelled. */
export class StepEnd extends Error {
  readonly state: 'failed' | 'skipped';
  readonly note: PlanNote | null;

  constructor(state: 'failed' | 'skipped', message: string, note: PlanNote | null = null) {
    super(message);
    this.state = state;
    this.note = note;
  }
}
