import { GatehouseError, type PlanVerb } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { Project } from '../compose/project.ts';
import { containerStepId, createDraft, type Draft, toContainerStep } from './draft.ts';
import { finishPlan } from './finishPlan.ts';
import { toObservedDependencies } from './labelDependencies.ts';
import type { ObservedStack } from './observedStack.ts';
import type { PlanOptions, PreparedPlan } from './preparedPlan.ts';

export type ServiceVerb = Extract<PlanVerb, 'start' | 'stop' | 'pause' | 'unpause' | 'kill'>;

/** In which states of the engine a verb has something to do. */
const states: Readonly<Record<ServiceVerb, readonly string[]>> = {
  start: ['created', 'exited', 'dead'],
  stop: ['running', 'restarting', 'paused'],
  pause: ['running'],
  unpause: ['paused'],
  kill: ['running', 'restarting', 'paused'],
};
const forwards: readonly ServiceVerb[] = ['start', 'unpause'];

/**
 * Acts on the containers of services that are there: those that others depend on first where something begins, last
 * where something ends. What is hit beside them is said as warnings. Throws `service-unknown`.
 */
export function planService(
  project: Project | null,
  observed: ObservedStack,
  options: PlanOptions & { readonly verb: ServiceVerb; readonly services: readonly string[] },
): PreparedPlan {
  const { verb, services } = options;
  const draft = createDraft();
  checkNames(project, observed, services);
  const chosen = observed.containers
    .filter(({ service, oneOff, state }) => !oneOff && service !== null && isMeant(service, state, options))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const dependsOn = toObservedDependencies(project, observed);
  for (const container of chosen) {
    const before = chosen.filter((other) =>
      forwards.includes(verb) ? comesFirst(other, container, dependsOn) : comesFirst(container, other, dependsOn),
    );
    draft.steps.push(
      toContainerStep({
        action: verb,
        name: container.name,
        service: container.service,
        replica: container.replica,
        existing: container,
        reason: 'asked for',
        needs: before.map(({ name }) => containerStepId(name)),
      }),
    );
  }
  noteBlastRadius(observed, options, dependsOn, draft);
  return finishPlan({ verb, project, observed, options, draft, services });
}

type DependsOn = (container: StackContainer) => readonly string[];

function isMeant(
  service: string,
  state: string,
  { verb, services }: { verb: ServiceVerb; services: readonly string[] },
) {
  return services.includes(service) && states[verb].includes(state);
}

/** `first` is what `then` depends on. */
function comesFirst(first: StackContainer, then: StackContainer, dependsOn: DependsOn): boolean {
  return first.service !== null && dependsOn(then).includes(first.service);
}

function checkNames(project: Project | null, observed: ObservedStack, services: readonly string[]): void {
  const known = new Set([
    ...Object.keys(project?.services ?? {}),
    ...observed.containers.flatMap(({ service }) => service ?? []),
  ]);
  const unknown = services.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new GatehouseError({
    code: 'service-unknown',
    message: `the project "${observed.project}" has no service "${unknown}".`,
    remedy: `It has ${[...known].sort().join(', ') || 'none'}.`,
  });
}

/** Who is left without what it depends on, and what is started without it. */
function noteBlastRadius(
  observed: ObservedStack,
  { verb, services }: { verb: ServiceVerb; services: readonly string[] },
  dependsOn: DependsOn,
  { warnings }: Draft,
): void {
  const isRunning = ({ state }: StackContainer) => state === 'running' || state === 'restarting';
  if (forwards.includes(verb)) {
    const needed = observed.containers.filter(({ service }) => service !== null && services.includes(service));
    const missing = new Set(needed.flatMap((one) => dependsOn(one)).filter((name) => !services.includes(name)));
    const idle = [...missing].filter(
      (name) => !observed.containers.some((one) => one.service === name && isRunning(one)),
    );
    if (idle.length > 0) {
      warnings.push({
        code: 'dependencies-not-running',
        subject: services.join(', '),
        message: `${idle.sort().join(', ')}, which ${services.join(', ')} ${services.length === 1 ? 'depends' : 'depend'} on, ${idle.length === 1 ? 'does' : 'do'} not run.`,
        remedy: 'Start them too, or bring the stack up.',
      });
    }
    return;
  }
  const hit = findDependents(observed, services, dependsOn).filter((name) =>
    observed.containers.some((one) => one.service === name && isRunning(one)),
  );
  if (hit.length === 0) return;
  warnings.push({
    code: 'dependents-affected',
    subject: services.join(', '),
    message: `${hit.join(', ')} ${hit.length === 1 ? 'runs' : 'run'} on, without what ${hit.length === 1 ? 'it depends' : 'they depend'} on.`,
    remedy: 'Name them too, if they should not.',
  });
}

/** Over all steps of the way. */
function findDependents(observed: ObservedStack, services: readonly string[], dependsOn: DependsOn): string[] {
  const hit = new Set<string>();
  for (let before = -1; before < hit.size; ) {
    before = hit.size;
    for (const container of observed.containers) {
      const { service } = container;
      if (service === null || services.includes(service)) continue;
      if (dependsOn(container).some((name) => services.includes(name) || hit.has(name))) hit.add(service);
    }
  }
  return [...hit].sort();
}
