import type { Project } from '../compose/project.ts';
import type { ObservedStack } from './observedStack.ts';
import type { DownOptions, PreparedPlan } from './preparedPlan.ts';

/**
 * Removes the project's containers and networks, dependents first; volumes only when asked twice. Without a project
 * (its files are gone) everything that carries its label is removed, orphans too.
 */
export function planDown(_project: Project | null, _observed: ObservedStack, _options: DownOptions = {}): PreparedPlan {
  throw new Error('not yet');
}
