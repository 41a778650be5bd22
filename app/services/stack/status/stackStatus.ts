import type { BootStep, StackStatus } from '../../../contract/index.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedStack } from '../plan/observedStack.ts';

/** Pure. `lastLines` by container id, for those that crashed: see readLastLines. Without a project, from labels alone. */
export function toStackStatus(
  _project: Project | null,
  _observed: ObservedStack,
  _lastLines: ReadonlyMap<string, readonly string[]> = new Map(),
): StackStatus {
  throw new Error('not yet');
}

/** Pure: when each container was made, started and ready, and which dependency held it up. */
export function toBootWaterfall(_project: Project, _observed: ObservedStack): BootStep[] {
  throw new Error('not yet');
}
