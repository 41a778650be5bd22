// What has to be done for the containers of one service: kept, started, made anew, added, removed.
import type { FieldChange, Gate } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { Project } from '../compose/project.ts';
import { compareSpec } from '../spec/compareSpec.ts';
import { type ContainerSpec, toContainerSpec } from '../spec/containerSpec.ts';
import { getService, toContainerName, toImageReference, toVolumeName } from '../spec/names.ts';
import { isAwaited, toDependencies } from './dependencies.ts';
import {
  containerStepId,
  type Draft,
  imageStepId,
  networkStepId,
  type StepDraft,
  toContainerStep,
  volumeStepId,
} from './draft.ts';
import type { ImageOutcome } from './imageSteps.ts';
import type { NetworkOutcome } from './networkSteps.ts';
import type { ObservedStack } from './observedStack.ts';
import type { PlanOptions } from './preparedPlan.ts';
import { sortReplicas } from './replicas.ts';

export interface ContainerInput {
  readonly project: Project;
  readonly observed: ObservedStack;
  readonly options: PlanOptions;
  readonly draft: Draft;
  readonly networks: NetworkOutcome;
  readonly images: ImageOutcome;
  /** All services that the plan is about, dependencies first. */
  readonly services: readonly string[];
  countOf(service: string): number;
}

/** The steps of one service, in the order of replicas. Those of its dependencies are in the draft already. */
export function planContainers(input: ContainerInput, service: string): StepDraft[] {
  const { project, observed, options } = input;
  const own = observed.containers.filter((one) => one.service === service && !one.oneOff);
  const wanted = input.countOf(service);
  const isDifferent = (container: StackContainer) => findChanges(input, service, container).length > 0;
  const { kept, surplus, leftovers } = sortReplicas(own, wanted, {
    nameOf: (replica) => toContainerName(project, service, replica),
    isDifferent: options.recreate === 'never' ? () => false : isDifferent,
  });
  const steps: StepDraft[] = [
    ...surplus.map((one) => toRemoveStep(one, `${wanted} of ${own.length} replicas are wanted`)),
    ...leftovers.map((one) => toRemoveStep(one, 'left over from a change that was broken off')),
  ];
  let before: StepDraft | undefined;
  for (const container of kept) {
    const step = planKept(input, service, container);
    if (!step) continue;
    // One replica at a time, each after the one before is well: the service answers all the while.
    if (step.action === 'recreate' && before) {
      step.needs.push(before.id);
      step.gates.push(toOwnGate(project, service, before));
    }
    if (step.action === 'recreate') before = step;
    steps.push(step);
  }
  const highest = Math.max(0, ...kept.map(({ replica }) => replica));
  for (let index = kept.length; index < wanted; index += 1) {
    steps.push(planNew(input, service, highest + index - kept.length + 1));
  }
  return steps;
}

export function toRemoveStep(container: StackContainer, reason: string, needs: readonly string[] = []): StepDraft {
  const { name, service, replica } = container;
  return toContainerStep({ action: 'remove', name, service, replica, existing: container, reason, needs });
}

function toOwnGate(project: Project, service: string, { replica }: StepDraft): Gate {
  const check = project.services[service]?.healthcheck;
  const isProbed = check?.test !== undefined && check.test[0] !== 'NONE' && !check.disable;
  return { service, replica, condition: isProbed ? 'healthy' : 'started', required: true };
}

function planNew(input: ContainerInput, service: string, replica: number): StepDraft {
  const name = toContainerName(input.project, service, replica);
  const holder = input.observed.neighbours[name];
  if (holder) {
    const owner = holder.project === null ? 'which compose did not make' : `of the project "${holder.project}"`;
    input.draft.blockers.push({
      code: 'name-taken',
      subject: service,
      message: `service "${service}" needs the name "${name}", which a container has ${owner}.`,
      remedy: `Remove or rename it (docker rename ${name} ${name}-old), or choose another project name.`,
    });
  }
  const needs = [...toPartNeeds(input, service), ...toSharedNeeds(input, service)];
  return toContainerStep({
    action: 'create',
    name,
    service,
    replica,
    reason: 'not created yet',
    needs,
    gates: toGates(input, service),
  });
}

function planKept(input: ContainerInput, service: string, container: StackContainer): StepDraft | undefined {
  const { project, images, options } = input;
  const { name, replica } = container;
  const common = {
    name: toContainerName(project, service, replica || 1),
    service,
    replica: replica || 1,
    existing: container,
  };
  const recreate = findRecreation(input, service, container);
  const reference = toImageReference(project, service);
  const mayFollow = options.recreate !== 'never' && images.renewed.has(reference);
  if (recreate || mayFollow) {
    return toContainerStep({
      ...common,
      action: 'recreate',
      reason: recreate?.reason ?? 'when its image has become another one',
      changes: recreate?.changes ?? [],
      onlyIfNewImage: recreate ? null : reference,
      needs: [...toPartNeeds(input, service), ...toSharedNeeds(input, service), `stop ${name}`],
      gates: toGates(input, service),
    });
  }
  return planLife(input, service, container);
}

/** A container whose spec is as it should be. */
function planLife(input: ContainerInput, service: string, container: StackContainer): StepDraft | undefined {
  const { name, replica, state, exitCode, startedAt } = container;
  const step = (action: 'start' | 'unpause' | 'restart', reason: string) =>
    toContainerStep({ action, name, service, replica, existing: container, reason, gates: toGates(input, service) });
  switch (state) {
    case 'running':
    case 'restarting': {
      const cause = findRestartCause(input, service);
      return cause ? step('restart', `"${cause}" is made anew or restarted, and depends_on says restart`) : undefined;
    }
    case 'paused':
      return step('unpause', 'paused');
    case 'exited':
      // A job that ended well is done; started again it would do its work twice.
      if (exitCode === 0 && startedAt !== null && isAwaited(input.project, service)) return undefined;
      return step('start', `stopped, exit ${exitCode}`);
    default:
      return step('start', 'created, not started');
  }
}

function findRestartCause({ project, draft }: ContainerInput, service: string): string | undefined {
  return toDependencies(project, service).find(
    (one) =>
      one.restart &&
      draft.steps.some(
        ({ key, action, resource }) =>
          resource === 'container' && key === one.service && ['recreate', 'restart'].includes(action),
      ),
  )?.service;
}

interface Recreation {
  readonly reason: string;
  readonly changes: readonly FieldChange[];
}

function findRecreation(input: ContainerInput, service: string, container: StackContainer): Recreation | undefined {
  const { options, networks, project } = input;
  const state = container.state;
  if (state === 'dead' || state === 'removing') return { reason: `${state}: it cannot be started again`, changes: [] };
  const joined = Object.keys(container.inspected.networks).find((name) => networks.renewed.has(name));
  if (joined) return { reason: `the network ${joined} is made anew`, changes: findChanges(input, service, container) };
  if (options.recreate === 'never') return undefined;
  const changes = findChanges(input, service, container);
  if (changes.length > 0) {
    return { reason: changes.length === 1 ? 'one field differs' : `${changes.length} fields differ`, changes };
  }
  const shared = toDependencies(project, service).find((one) => one.shares && isReplaced(input, one.service));
  if (shared) return { reason: `it uses namespaces or volumes of "${shared.service}", which is made anew`, changes };
  return options.recreate === 'always' ? { reason: 'asked for', changes } : undefined;
}

function isReplaced({ draft }: ContainerInput, service: string): boolean {
  return draft.steps.some(
    ({ resource, key, action }) =>
      resource === 'container' && key === service && ['create', 'recreate'].includes(action),
  );
}

function findChanges(input: ContainerInput, service: string, container: StackContainer): FieldChange[] {
  const { project, observed } = input;
  const spec = toObservedSpec(input, service, container);
  const image = observed.images[toImageReference(project, service)] ?? null;
  const changes = compareSpec({ container, spec, image, defaults: observed.defaults });
  const all = [...changes, ...findMovedNetworks(container, observed), ...findOwnLabels(container, spec)];
  return all.sort((a, b) => (a.field < b.field ? -1 : 1));
}

function toObservedSpec(input: ContainerInput, service: string, container: StackContainer): ContainerSpec {
  const { project, observed, options } = input;
  return toContainerSpec(project, service, container.replica || 1, {
    image: observed.images[toImageReference(project, service)] ?? null,
    mode: options.mode,
    findContainer: (name) => findFirst(observed, name)?.id,
  });
}

/** The container that `service:NAME` means: the first replica. */
export function findFirst(observed: ObservedStack, service: string): StackContainer | undefined {
  return observed.containers
    .filter((one) => one.service === service && !one.oneOff)
    .sort((a, b) => a.replica - b.replica)[0];
}

/** A network of the same name that somebody made anew: the container is on the one that is gone. */
function findMovedNetworks(container: StackContainer, observed: ObservedStack): FieldChange[] {
  return Object.entries(container.inspected.networks).flatMap(([name, { networkId }]) => {
    const current = observed.networks[name];
    if (!current || networkId === '' || networkId === current.id) return [];
    return [{ field: `networks.${name}`, from: networkId.slice(0, 12), to: current.id.slice(0, 12), masked: false }];
  });
}

/** Our own labels say what no inspection shows. On what compose made they are not there, and nothing is concluded. */
function findOwnLabels(container: StackContainer, { config }: ContainerSpec): FieldChange[] {
  const wanted = config.Labels as Readonly<Record<string, string>>;
  return (['gatehouse.mode', 'gatehouse.configs'] as const).flatMap((label) => {
    const from = container.labels[label];
    const to = wanted[label];
    if (from === undefined || to === undefined || from === to) return [];
    const field = label === 'gatehouse.mode' ? 'mode' : 'configs';
    return [{ field, from, to, masked: false }];
  });
}

/** What the container is made of: image, networks, volumes. */
function toPartNeeds({ project }: ContainerInput, service: string): string[] {
  const declared = getService(project, service);
  const networks = declared.network_mode ? [] : Object.keys(declared.networks ?? {});
  const volumes = (declared.volumes ?? []).filter(({ type, source }) => type === 'volume' && source);
  return [
    imageStepId(toImageReference(project, service)),
    ...networks.map((key) => networkStepId(project.networks?.[key]?.name ?? `${project.name}_${key}`)),
    ...volumes.map(({ source = '' }) => volumeStepId(toVolumeName(project, source))),
  ];
}

/** The containers whose namespaces or volumes are used must be there first. */
function toSharedNeeds({ project }: ContainerInput, service: string): string[] {
  return toDependencies(project, service)
    .filter(({ shares }) => shares)
    .map((one) => containerStepId(toContainerName(project, one.service, 1)));
}

function toGates({ project, services, options, countOf }: ContainerInput, service: string): Gate[] {
  if (options.withDependencies === false) {
    return toDependencies(project, service)
      .filter((one) => services.includes(one.service))
      .map(toGate);
  }
  return toDependencies(project, service)
    .filter((one) => countOf(one.service) > 0)
    .map(toGate);
}

const toGate = ({ service, condition, required }: ReturnType<typeof toDependencies>[number]): Gate => ({
  service,
  replica: null,
  condition,
  required,
});
