// When each container was made, ran and was ready, and which dependency held it up. Pure.
import type { BootStep, GateCondition } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { hasHealthCheck } from '../apply/gateState.ts';
import type { Project } from '../compose/project.ts';
import { isAwaited, toDependencies } from '../plan/dependencies.ts';
import type { ObservedStack } from '../plan/observedStack.ts';

/** In the order of starts; what has not started comes last. */
export function toBootWaterfall(project: Project, observed: ObservedStack): BootStep[] {
  return observed.containers
    .filter(({ service, oneOff }) => service !== null && !oneOff && Object.hasOwn(project.services, service))
    .map((container) => toBootStep(project, observed, container))
    .sort((a, b) => (a.startedAt ?? Number.POSITIVE_INFINITY) - (b.startedAt ?? Number.POSITIVE_INFINITY));
}

function toBootStep(project: Project, observed: ObservedStack, container: StackContainer): BootStep {
  const service = container.service ?? '';
  const waitedFor = toDependencies(project, service).map(({ service: name, condition }) => ({
    service: name,
    condition,
  }));
  const held = waitedFor
    .map((one) => ({ service: one.service, at: findReachedAt(observed, one.service, one.condition) }))
    // What was there long before has held up nothing.
    .filter(({ at }) => at !== null && container.createdAt !== null && at > container.createdAt)
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  return {
    service,
    container: container.name,
    createdAt: container.createdAt,
    startedAt: container.startedAt,
    readyAt: findReadyAt(container, isAwaited(project, service)),
    waitedFor,
    heldBy: held[0]?.service ?? null,
  };
}

/** When the last of its containers was so; null when one is not yet, or nobody knows. */
function findReachedAt(observed: ObservedStack, service: string, condition: GateCondition): number | null {
  const times = observed.containers
    .filter((one) => one.service === service && !one.oneOff)
    .map((one) => {
      if (condition === 'started') return one.startedAt;
      return condition === 'healthy' ? one.healthyAt : findEnd(one);
    });
  return times.length === 0 || times.includes(null) ? null : Math.max(...times.filter((time) => time !== null));
}

function findReadyAt(container: StackContainer, isJob: boolean): number | null {
  if (isJob) return findEnd(container);
  return hasHealthCheck(container) ? container.healthyAt : container.startedAt;
}

const findEnd = ({ state, exitCode, finishedAt }: StackContainer) =>
  state === 'exited' && exitCode === 0 ? finishedAt : null;
