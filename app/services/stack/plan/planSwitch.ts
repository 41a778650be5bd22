import type { Project } from '../compose/project.ts';
import type { ObservedStack } from './observedStack.ts';
import type { PreparedPlan, SwitchOptions } from './preparedPlan.ts';

/**
 * One plan from what runs to the project of another mode: what only the old mode has is removed, volumes are kept.
 * A volume that another mode wrote last, or that nobody knows who wrote, is a blocker unless carrying is confirmed.
 */
export function planSwitch(_observed: ObservedStack, _to: Project, _options: SwitchOptions): PreparedPlan {
  throw new Error('not yet');
}
