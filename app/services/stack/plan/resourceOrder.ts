// Who has to let go of a port or a name before another can have it. Where that would be a circle, nothing is ordered.
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { Project } from '../compose/project.ts';
import type { Draft, StepDraft } from './draft.ts';
import type { ObservedStack } from './observedStack.ts';
import { collides, holdsPorts, toContainerPorts, toDeclaredPorts } from './portNotes.ts';
import { comesAfter } from './waves.ts';

const makers = ['create', 'recreate'];

/** `cleared` are the steps after which every network's name stands for one network. */
export function orderByResources(
  project: Project,
  observed: ObservedStack,
  draft: Draft,
  cleared: readonly string[],
): void {
  for (const step of draft.steps) {
    if (step.resource !== 'container' || step.key === null || ![...makers, 'start'].includes(step.action)) continue;
    step.needs.push(...cleared);
    for (const holder of observed.containers) {
      if (holder.id === step.target) continue;
      if (holder.name === step.name && makers.includes(step.action)) releaseName(step, holder, draft);
      if (holdsPorts(holder) && wantsPortOf(project, step.key, holder)) releasePort(step, holder, draft);
    }
  }
}

function wantsPortOf(project: Project, service: string, holder: StackContainer): boolean {
  if (holder.service === service) return false;
  const held = toContainerPorts(holder);
  return toDeclaredPorts(project, service).some((port) => held.some((other) => collides(port, other)));
}

/** The step that takes the port or name away from the container. */
function findRelease(holder: StackContainer, draft: Draft): StepDraft | undefined {
  return draft.steps.find(({ target, action }) => target === holder.id && ['remove', 'recreate'].includes(action));
}

function releaseName(step: StepDraft, holder: StackContainer, draft: Draft): void {
  const release = findRelease(holder, draft);
  if (release && !comesAfter(release.id, step.id, draft.steps)) {
    step.needs.push(release.id);
    return;
  }
  draft.blockers.push({
    code: 'name-taken',
    subject: step.key ?? step.name,
    message: `service "${step.key}" needs the name "${step.name}", which the container of ${holder.service ? `"${holder.service}"` : 'no service'} has.`,
    remedy: 'Remove that container first, or remove leftovers with this plan (--remove-orphans).',
  });
}

function releasePort(step: StepDraft, holder: StackContainer, draft: Draft): void {
  const release = findRelease(holder, draft);
  if (release) {
    if (!comesAfter(release.id, step.id, draft.steps)) step.needs.push(release.id);
    return;
  }
  draft.blockers.push({
    code: 'port-taken',
    subject: step.key ?? step.name,
    message: `service "${step.key}" publishes a port that the container ${holder.name} of this project has.`,
    remedy: `Stop ${holder.name}, remove leftovers with this plan (--remove-orphans), or publish another port.`,
  });
}
