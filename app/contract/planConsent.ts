// What has to be said to a plan before it may be carried out: the same question on a terminal and in a window. Pure.
import type { KeptPlan } from './shapes/stackRun.ts';

/** The project's name has to be typed. */
export interface NameQuestion {
  /** Data would be lost, or carried from one mode into the other; `guard`: the environment asks before each change. */
  readonly because: 'lost' | 'carried' | 'guard';
  /** Volumes whose data it is about; empty for `guard`. */
  readonly volumes: readonly string[];
}

/** undefined: a yes is enough. The services ask for the same, and refuse without. */
export function findNameQuestion({ plan, guard }: Pick<KeptPlan, 'plan' | 'guard'>): NameQuestion | undefined {
  const carried = plan.warnings.filter(({ code }) => code === 'data-crosses-modes').map(({ subject }) => subject);
  if (carried.length > 0) return { because: 'carried', volumes: carried };
  if (guard === 'confirm') return { because: 'guard', volumes: [] };
  const lost = plan.volumes.filter(({ fate }) => fate === 'removed').map(({ name }) => name);
  return lost.length === 0 ? undefined : { because: 'lost', volumes: lost };
}
