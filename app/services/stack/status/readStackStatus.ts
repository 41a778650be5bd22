import type { StackStatus } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import type { Project } from '../compose/project.ts';
import { readLastLines } from '../containerLog.ts';
import type { ObservedStack } from '../plan/observedStack.ts';
import { type StatusOptions, toStackStatus } from './stackStatus.ts';

/** The status with the last log lines of what crashed. Logs that cannot be read are left out. */
export async function readStackStatus(
  engine: Engine,
  project: Project | null,
  observed: ObservedStack,
  options: StatusOptions = {},
): Promise<StackStatus> {
  const crashed = toStackStatus(project, observed, options)
    .services.flatMap(({ replicas }) => replicas)
    .filter(({ condition }) => condition === 'crashed');
  const lines = await Promise.all(crashed.map(async ({ id }) => [id, await readLastLines(engine, id, 10)] as const));
  return toStackStatus(project, observed, { ...options, lastLines: new Map(lines) });
}
