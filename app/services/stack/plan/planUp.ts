import type { PlanPort, PlanVerb } from '../../../contract/index.ts';
import type { Project } from '../compose/project.ts';
import { getService, toReplicaCount } from '../spec/names.ts';
import { planContainers, toRemoveStep } from './containerSteps.ts';
import { checkDependencies, selectServices } from './dependencies.ts';
import { createDraft, type Draft, stopStepId, toContainerStep } from './draft.ts';
import { checkFiles } from './fileNotes.ts';
import { findOrphans, finishPlan, inOrder } from './finishPlan.ts';
import { planImages } from './imageSteps.ts';
import { findStaleNetworks, type NetworkOutcome, planNetworks, toRemoveNetwork } from './networkSteps.ts';
import type { ObservedStack } from './observedStack.ts';
import { checkPorts, holdsPorts, toContainerPorts, toDeclaredPorts, toPortChanges } from './portNotes.ts';
import type { PlanOptions, PreparedPlan } from './preparedPlan.ts';
import { orderByResources } from './resourceOrder.ts';
import { planVolumes } from './volumeSteps.ts';

/**
 * What makes the stack as the project says. Pure: the same project and observation give the same plan.
 * Throws `compose-invalid` for a cycle or an unknown service in depends_on, `service-unknown` for one in `options`.
 */
export function planUp(project: Project, observed: ObservedStack, options: PlanOptions = {}): PreparedPlan {
  return planTowards('up', project, observed, { options, draft: createDraft() });
}

/** The common way of up, scale and switch; the draft may hold notes already. */
export function planTowards(
  verb: PlanVerb,
  project: Project,
  seen: ObservedStack,
  { options, draft }: { options: PlanOptions; draft: Draft },
): PreparedPlan {
  const observed = inOrder(seen);
  checkDependencies(project);
  const services = selectServices(project, options.services, options.withDependencies ?? true);
  const countOf = (name: string) => options.scale?.[name] ?? toReplicaCount(getService(project, name));
  const networks = planNetworks(project, services, observed, draft);
  const volumes = planVolumes(project, services, observed, draft);
  const images = planImages(project, services, observed, { options, draft });
  const input = { project, observed, options, draft, networks, images, services, countOf };
  planStops(observed, networks, draft);
  for (const name of services) draft.steps.push(...planContainers(input, name));
  planLeftovers(project, observed, options, draft);
  orderByResources(project, observed, draft, networks.cleared);
  checkPorts({ project, services, observed, draft, countOf });
  checkFiles(project, services, { observed, options, draft });
  noteFiles(options, draft);
  const ports = toPorts(project, observed, draft, { services, countOf });
  return finishPlan({ verb, project, observed, options, draft, services, images: images.images, volumes, ports });
}

/** Before a network is made anew, everything on it is stopped; dependents are not asked first, since all come back. */
function planStops(observed: ObservedStack, { renewed }: NetworkOutcome, draft: Draft): void {
  for (const container of observed.containers) {
    const joined = Object.keys(container.inspected.networks).find((name) => renewed.has(name));
    if (!joined || !holdsPorts(container)) continue;
    draft.steps.push(
      toContainerStep({
        id: stopStepId(container.name),
        action: 'stop',
        name: container.name,
        service: container.service,
        replica: container.replica,
        existing: container,
        reason: `the network ${joined} is made anew`,
      }),
    );
  }
}

/** Containers and networks that the files no longer have: removed when that is asked for, else said. */
function planLeftovers(project: Project, observed: ObservedStack, options: PlanOptions, draft: Draft): void {
  const orphans = findOrphans(project, observed, options);
  if (options.removeOrphans) {
    const steps = orphans.map((one) => toRemoveStep(one, 'no service of the files claims it', [stopStepId(one.name)]));
    draft.steps.push(...steps);
    const needs = draft.steps.filter(({ resource }) => resource === 'container').map(({ id }) => id);
    for (const network of findStaleNetworks(project, observed)) {
      draft.steps.push(toRemoveNetwork(network, 'the files no longer have it', needs));
    }
    return;
  }
  if (orphans.length === 0) return;
  draft.warnings.push({
    code: 'orphans',
    subject: project.name,
    message: `${orphans.map(({ name }) => name).join(', ')} ${orphans.length === 1 ? 'belongs' : 'belong'} to the project, but no service of the files claims ${orphans.length === 1 ? 'it' : 'them'}.`,
    remedy: 'Remove them with --remove-orphans, or bring the service back.',
  });
}

function noteFiles({ fileWarnings }: PlanOptions, { warnings }: Draft): void {
  for (const { place, message } of fileWarnings ?? []) {
    warnings.push({
      code: 'compose-file',
      subject: place,
      message: `${place}: ${message}`,
      remedy: 'Look at that line.',
    });
  }
}

function toPorts(
  project: Project,
  observed: ObservedStack,
  draft: Draft,
  { services, countOf }: { services: readonly string[]; countOf(name: string): number },
) {
  const touched = new Set(draft.steps.flatMap(({ target, action }) => (action === 'remove' ? (target ?? []) : [])));
  const isConcerned = (service: string | null) => service !== null && services.includes(service);
  const concerned = observed.containers.filter(
    (one) => holdsPorts(one) && !one.oneOff && (isConcerned(one.service) || touched.has(one.id)),
  );
  const before: PlanPort[] = concerned.flatMap(toContainerPorts);
  const after = services.filter((name) => countOf(name) > 0).flatMap((name) => toDeclaredPorts(project, name));
  return toPortChanges(before, after);
}
