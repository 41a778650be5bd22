import { GatehouseError } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { Project } from '../compose/project.ts';
import { isAwaited, selectServices, toDependencies } from './dependencies.ts';
import { containerStepId, createDraft, toContainerStep } from './draft.ts';
import { finishPlan } from './finishPlan.ts';
import { toObservedDependencies } from './labelDependencies.ts';
import type { ObservedStack } from './observedStack.ts';
import type { PlanOptions, PreparedPlan } from './preparedPlan.ts';

/**
 * Restarts what is there, dependencies first; of a scaled service one replica at a time, each after the one before is well.
 * Jobs that are done are restarted only when named. Throws `service-unknown`.
 */
export function planRestart(project: Project | null, observed: ObservedStack, options: PlanOptions = {}): PreparedPlan {
  const draft = createDraft();
  checkNames(project, observed, options);
  const chosen = observed.containers
    .filter((one) => isChosen(project, one, options))
    .sort((a, b) => a.replica - b.replica || (a.name < b.name ? -1 : 1));
  const dependsOn = toObservedDependencies(project, observed);
  for (const container of chosen) {
    const { service, replica, name } = container;
    const before = chosen.filter((one) => one.service === service && one.replica < replica).at(-1);
    const dependencies = chosen.filter((one) => one.service !== null && dependsOn(container).includes(one.service));
    const isProbed = container.health !== 'none';
    draft.steps.push(
      toContainerStep({
        action: 'restart',
        name,
        service,
        replica,
        existing: container,
        reason: 'asked for',
        needs: [...dependencies, ...(before ? [before] : [])].map((one) => containerStepId(one.name)),
        gates: [
          ...toGates(project, service, dependencies),
          ...(before && service
            ? [
                {
                  service,
                  replica: before.replica,
                  condition: isProbed ? 'healthy' : 'started',
                  required: true,
                } as const,
              ]
            : []),
        ],
      }),
    );
  }
  const services = [...new Set(observed.containers.flatMap(({ service }) => service ?? []))];
  return finishPlan({ verb: 'restart', project, observed, options, draft, services });
}

function checkNames(project: Project | null, observed: ObservedStack, { services }: PlanOptions): void {
  if (project) {
    selectServices(project, services, false);
    return;
  }
  const known = new Set(observed.containers.map(({ service }) => service));
  const unknown = services?.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new GatehouseError({
    code: 'service-unknown',
    message: `the project "${observed.project}" has no container of a service "${unknown}".`,
    remedy: `It has ${[...known].filter(Boolean).sort().join(', ') || 'none'}.`,
  });
}

function isChosen(project: Project | null, container: StackContainer, { services }: PlanOptions): boolean {
  const { service, oneOff, state, exitCode } = container;
  if (service === null || oneOff || !['running', 'restarting', 'exited'].includes(state)) return false;
  if (services) return services.includes(service);
  return !(state === 'exited' && exitCode === 0 && project && isAwaited(project, service));
}

function toGates(project: Project | null, service: string | null, restarted: readonly StackContainer[]) {
  if (!project || service === null) return [];
  return toDependencies(project, service)
    .filter((one) => restarted.some((container) => container.service === one.service))
    .map(({ service: other, condition, required }) => ({ service: other, replica: null, condition, required }));
}
