// How the services of a stack are, from one observation. Pure.
import type { ReplicaStatus, ServiceCondition, ServiceStatus, StackStatus } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { Project } from '../compose/project.ts';
import { isAwaited } from '../plan/dependencies.ts';
import { findStackMode } from '../plan/modes.ts';
import type { ObservedStack } from '../plan/observedStack.ts';
import { getService, toImageReference, toReplicaCount } from '../spec/names.ts';
import { readText } from '../spec/rawValues.ts';
import { toReplicaStatus } from './replicaStatus.ts';

/** Of several replicas the first of these is the service's. */
const worstFirst: readonly ServiceCondition[] = [
  'crashed',
  'unhealthy',
  'missing',
  'stopped',
  'paused',
  'starting',
  'orphan',
  'running',
  'healthy',
  'done',
];

export interface StatusOptions {
  /** Services behind a profile that is off: what runs of them is no orphan. */
  readonly inactive?: readonly string[] | undefined;
  /** By container id, of those that crashed: see readStackStatus. */
  readonly lastLines?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** Without a project, what runs is told from its labels alone: then nothing is missing and nothing an orphan. */
export function toStackStatus(
  project: Project | null,
  observed: ObservedStack,
  options: StatusOptions = {},
): StackStatus {
  const containers = observed.containers.filter(({ service, oneOff }) => service !== null && !oneOff);
  const found = containers.flatMap(({ service }) => service ?? []);
  const names = [...new Set([...Object.keys(project?.services ?? {}), ...found])].sort();
  return {
    schema: 'gatehouse.status/1',
    project: observed.project,
    mode: findStackMode(observed),
    at: observed.at,
    services: names.map((name) =>
      toServiceStatus(
        name,
        containers.filter(({ service }) => service === name),
        { project, options },
      ),
    ),
  };
}

function toServiceStatus(
  service: string,
  containers: readonly StackContainer[],
  { project, options }: { project: Project | null; options: StatusOptions },
): ServiceStatus {
  const isDeclared = project !== null && Object.hasOwn(project.services, service);
  const isKnown = isDeclared || project === null || options.inactive?.includes(service) === true;
  const wanted = isDeclared ? toReplicaCount(getService(project, service)) : containers.length;
  const replicas = [...containers]
    .sort((a, b) => a.replica - b.replica)
    .map((one) =>
      toReplicaStatus(one, {
        isAwaited: isDeclared && isAwaited(project, service),
        lastLines: options.lastLines?.get(one.id) ?? [],
      }),
    );
  const image = isDeclared ? toImageReference(project, service) : readText(containers[0]?.inspected.config.Image);
  return { service, wanted, image, replicas, ...toCondition(replicas, wanted, isKnown) };
}

function toCondition(
  replicas: readonly ReplicaStatus[],
  wanted: number,
  isKnown: boolean,
): Pick<ServiceStatus, 'condition' | 'detail'> {
  const worst = worstFirst.flatMap((condition) => replicas.find((one) => one.condition === condition) ?? [])[0];
  if (!isKnown) return { condition: 'orphan', detail: `no service of the files claims it; ${worst?.detail ?? ''}` };
  if (wanted === 0 && replicas.length === 0) return { condition: 'done', detail: 'scaled to none' };
  const absent = wanted - replicas.length;
  const isWorse = !worst || worstFirst.indexOf('missing') < worstFirst.indexOf(worst.condition);
  if (absent > 0 && isWorse) {
    return {
      condition: 'missing',
      detail: replicas.length === 0 ? 'not created' : `${absent} of ${wanted} not created`,
    };
  }
  if (!worst) return { condition: 'missing', detail: 'not created' };
  const alike = replicas.filter(({ condition }) => condition === worst.condition).length;
  const share = replicas.length > 1 && alike < replicas.length ? `${alike} of ${replicas.length}: ` : '';
  return { condition: worst.condition, detail: `${share}${worst.detail}` };
}
