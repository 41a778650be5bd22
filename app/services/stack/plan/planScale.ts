import type { Project } from '../compose/project.ts';
import type { ObservedStack } from './observedStack.ts';
import type { PlanOptions, PreparedPlan } from './preparedPlan.ts';

/** Changes the number of replicas, and nothing else. A service with a fixed host port or container_name is a blocker. */
export function planScale(
  _project: Project,
  _observed: ObservedStack,
  _options: PlanOptions & { readonly scale: Readonly<Record<string, number>> },
): PreparedPlan {
  throw new Error('not yet');
}
