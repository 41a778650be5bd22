import type { Project } from '../compose/project.ts';
import type { ObservedStack } from './observedStack.ts';
import type { PlanOptions, PreparedPlan } from './preparedPlan.ts';

/**
 * What makes the stack as the project says. Pure: the same project and observation give the same plan.
 * Throws `compose-invalid` for a cycle or an unknown service in depends_on, `service-unknown` for one in `options`.
 */
export function planUp(_project: Project, _observed: ObservedStack, _options: PlanOptions = {}): PreparedPlan {
  throw new Error('not yet');
}
