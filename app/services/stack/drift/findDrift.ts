import type { Drift } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedStack } from '../plan/observedStack.ts';
import type { PlanOptions } from '../plan/preparedPlan.ts';

/** Field by field, and the content of mounted files as the container sees them. Changes nothing. */
export async function findDrift(
  _engine: Engine,
  _project: Project,
  _observed: ObservedStack,
  _options: PlanOptions = {},
): Promise<Drift> {
  throw new Error('not yet');
}
