import type { Project } from '../compose/project.ts';
import type { ObservedStack } from './observedStack.ts';
import type { PlanOptions, PreparedPlan } from './preparedPlan.ts';

/** Restarts what is there, dependencies first; of a scaled service one replica at a time, each after the one before is well. */
export function planRestart(
  _project: Project | null,
  _observed: ObservedStack,
  _options: PlanOptions = {},
): PreparedPlan {
  throw new Error('not yet');
}
