import type { PlanVolume } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { Project } from '../compose/project.ts';
import { toVolumeName } from '../spec/names.ts';
import { toRemoveStep } from './containerSteps.ts';
import { selectServices } from './dependencies.ts';
import { containerStepId, createDraft, type Draft, toPartStep } from './draft.ts';
import { findOrphans, finishPlan, inOrder } from './finishPlan.ts';
import { toObservedDependencies } from './labelDependencies.ts';
import { toRemoveDoubles, toRemoveNetwork } from './networkSteps.ts';
import type { ObservedStack } from './observedStack.ts';
import { holdsPorts, toContainerPorts } from './portNotes.ts';
import type { DownOptions, PreparedPlan } from './preparedPlan.ts';
import { toPlanVolume } from './volumeSteps.ts';

/**
 * Removes the project's containers and networks, dependents first; volumes only when asked twice. Without a project
 * (its files are gone) everything that carries its label is removed, orphans too. Throws `service-unknown`.
 */
export function planDown(project: Project | null, seen: ObservedStack, options: DownOptions = {}): PreparedPlan {
  const observed = inOrder(seen);
  const draft = createDraft();
  if (project && options.services) selectServices(project, options.services, false);
  const removed = findRemoved(project, observed, options);
  planRemovals(removed, project, observed, draft);
  const isPartial = options.services !== undefined;
  if (!isPartial) planNetworks(removed, observed, draft);
  const volumes = isPartial ? [] : planVolumes(project, observed, options, draft);
  noteOrphans(project, observed, options, draft);
  const closed = removed.filter(holdsPorts).flatMap(toContainerPorts);
  return finishPlan({
    verb: 'down',
    project,
    observed,
    options,
    draft,
    services: [],
    volumes,
    ports: { opened: [], closed },
  });
}

function findRemoved(project: Project | null, observed: ObservedStack, options: DownOptions): StackContainer[] {
  const { services } = options;
  if (services) return observed.containers.filter(({ service }) => service !== null && services.includes(service));
  if (!project || options.removeOrphans) return [...observed.containers];
  const orphans = new Set(findOrphans(project, observed, {}));
  return observed.containers.filter((one) => !orphans.has(one));
}

/** A container goes when those that depend on it are gone. */
function planRemovals(
  removed: readonly StackContainer[],
  project: Project | null,
  observed: ObservedStack,
  draft: Draft,
): void {
  const dependsOn = toObservedDependencies(project, observed);
  for (const container of removed) {
    const dependents = removed.filter(
      (one) => one.id !== container.id && container.service !== null && dependsOn(one).includes(container.service),
    );
    const needs = dependents.map(({ name }) => containerStepId(name));
    draft.steps.push(toRemoveStep(container, 'down', needs));
  }
}

function planNetworks(removed: readonly StackContainer[], observed: ObservedStack, draft: Draft): void {
  const gone = new Set(removed.map(({ id }) => id));
  for (const network of Object.values(observed.networks)) {
    if (network.labels['com.docker.compose.project'] !== observed.project) continue;
    const staying = network.members.filter(({ id }) => !gone.has(id)).map(({ name }) => name);
    if (staying.length > 0) {
      draft.warnings.push({
        code: 'network-in-use',
        subject: network.name,
        message: `network "${network.name}" stays: ${staying.join(', ')} ${staying.length === 1 ? 'is' : 'are'} on it.`,
        remedy: 'Remove or disconnect these containers, then take the project down again.',
      });
      continue;
    }
    const members = removed.filter(({ inspected }) => Object.hasOwn(inspected.networks, network.name));
    draft.steps.push(
      ...toRemoveDoubles(network),
      toRemoveNetwork(
        network,
        'down',
        members.map(({ name }) => containerStepId(name)),
      ),
    );
  }
}

function planVolumes(
  project: Project | null,
  observed: ObservedStack,
  options: DownOptions,
  draft: Draft,
): PlanVolume[] {
  const isConfirmed = options.removeVolumes && options.confirmVolumes === observed.project;
  const own = Object.values(observed.volumes).filter(
    ({ labels }) => labels['com.docker.compose.project'] === observed.project,
  );
  if (options.removeVolumes && !isConfirmed && own.length > 0) {
    draft.blockers.push({
      code: 'volumes-not-confirmed',
      subject: observed.project,
      message: `${own.length === 1 ? 'the volume' : 'the volumes'} ${own.map(({ name }) => name).join(', ')} would be removed with all data.`,
      remedy: `Confirm it by typing the project's name, "${observed.project}", or leave --volumes out.`,
    });
  }
  const needs = draft.steps.filter(({ resource }) => resource === 'container').map(({ id }) => id);
  return own.map((volume) => {
    const key = volume.labels['com.docker.compose.volume'] ?? null;
    if (isConfirmed) {
      const part = {
        resource: 'volume',
        action: 'remove',
        name: volume.name,
        key,
        reason: 'asked for, twice',
      } as const;
      draft.steps.push(toPartStep({ ...part, needs }));
    }
    const fate = isConfirmed ? 'removed' : 'kept';
    return toPlanVolume({ name: volume.name, key, fate, services: findUsers(project, volume.name) }, observed);
  });
}

function findUsers(project: Project | null, volume: string): string[] {
  if (!project) return [];
  return Object.entries(project.services)
    .filter(([, { volumes }]) =>
      volumes?.some(({ type, source }) => type === 'volume' && source && toVolumeName(project, source) === volume),
    )
    .map(([name]) => name)
    .sort();
}

function noteOrphans(project: Project | null, observed: ObservedStack, options: DownOptions, draft: Draft): void {
  if (!project || options.removeOrphans || options.services) return;
  const orphans = findOrphans(project, observed, options);
  if (orphans.length === 0) return;
  draft.warnings.push({
    code: 'orphans',
    subject: project.name,
    message: `${orphans.map(({ name }) => name).join(', ')} would stay: no service of the files claims ${orphans.length === 1 ? 'it' : 'them'}.`,
    remedy: 'Remove them with --remove-orphans.',
  });
}
