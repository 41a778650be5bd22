import type { Project } from '../compose/project.ts';
import { createDraft } from './draft.ts';
import type { ObservedStack } from './observedStack.ts';
import { planTowards } from './planUp.ts';
import type { PlanOptions, PreparedPlan } from './preparedPlan.ts';

/** Changes the number of replicas, and nothing else. A service with a fixed host port or container_name is a blocker. */
export function planScale(
  project: Project,
  observed: ObservedStack,
  options: PlanOptions & { readonly scale: Readonly<Record<string, number>> },
): PreparedPlan {
  const alone = {
    ...options,
    services: Object.keys(options.scale),
    withDependencies: false,
    recreate: 'never' as const,
  };
  return planTowards('scale', project, observed, { options: alone, draft: createDraft() });
}
