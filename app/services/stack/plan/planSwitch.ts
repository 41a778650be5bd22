import type { PlanVolume } from '../../../contract/index.ts';
import type { Project } from '../compose/project.ts';
import { createDraft, type Draft } from './draft.ts';
import type { ObservedStack } from './observedStack.ts';
import { planTowards } from './planUp.ts';
import type { PreparedPlan, SwitchOptions } from './preparedPlan.ts';

/**
 * One plan from what runs to the project of another mode: what only the old mode has is removed, volumes are kept.
 * A volume that another mode wrote last, or that nobody knows who wrote, is a blocker unless carrying is confirmed.
 */
export function planSwitch(observed: ObservedStack, to: Project, options: SwitchOptions): PreparedPlan {
  const prepared = planTowards('switch', to, observed, {
    options: { ...options, removeOrphans: true },
    draft: createDraft(),
  });
  const draft: Draft = { steps: [], warnings: [], blockers: [] };
  checkCrossing(prepared.plan.volumes, to, options, draft);
  const { plan } = prepared;
  return {
    ...prepared,
    plan: {
      ...plan,
      warnings: [...plan.warnings, ...draft.warnings],
      blockers: [...plan.blockers, ...draft.blockers],
    },
  };
}

function checkCrossing(volumes: readonly PlanVolume[], to: Project, options: SwitchOptions, draft: Draft): void {
  const crossing = volumes.filter(({ name, fate, lastMode }) => {
    // An external volume is shared on purpose; the files say so.
    const declared = Object.values(to.volumes ?? {}).find((one) => one.name === name);
    return fate === 'kept' && lastMode !== options.mode && !declared?.external;
  });
  const isConfirmed = options.carryData && options.confirmCarry === to.name;
  for (const { name, lastMode, services } of crossing) {
    const writer = lastMode === null ? 'nobody knows which mode wrote it last' : `"${lastMode}" wrote it last`;
    const message = `volume "${name}" would be used by ${services.map((one) => `"${one}"`).join(', ')} in mode "${options.mode}", and ${writer}.`;
    if (isConfirmed) {
      draft.warnings.push({
        code: 'data-crosses-modes',
        subject: name,
        message,
        remedy: 'Its data is carried over, as you confirmed.',
      });
      continue;
    }
    draft.blockers.push({
      code: 'data-crosses-modes',
      subject: name,
      message,
      remedy: `Give the volume another name in this mode's files, or carry the data over: --carry-data, and type "${to.name}".`,
    });
  }
}
