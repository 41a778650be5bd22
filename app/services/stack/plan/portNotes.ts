// Ports of the host: which are opened and closed, and which cannot be had.
import type { PlanPort } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { Project } from '../compose/project.ts';
import { getService, toNetworkName, toReplicaCount } from '../spec/names.ts';
import { toNetworkKeys } from '../spec/networkSection.ts';
import { readMap, readMaps, readText } from '../spec/rawValues.ts';
import type { Draft } from './draft.ts';
import type { ObservedStack } from './observedStack.ts';

export function toDeclaredPorts(project: Project, service: string): PlanPort[] {
  return (project.services[service]?.ports ?? []).map((port) => ({
    service,
    hostIp: port.host_ip ?? '',
    hostPort: toHostPort(port.published),
    containerPort: port.target,
    protocol: port.protocol ?? 'tcp',
  }));
}

/** null: the engine chooses one, of a range or of all. */
function toHostPort(published: string | undefined): number | null {
  return toRangeSize(published) === 1 ? Number(published) : null;
}

/** How many host ports are allowed; 0: any. */
function toRangeSize(published: string | undefined): number {
  const [first = 0, last = first] = (published ?? '').split('-').map(Number);
  return first > 0 ? Math.max(1, last - first + 1) : 0;
}

/** What a container was made to publish; with its state, what it holds. */
export function toContainerPorts(container: StackContainer): PlanPort[] {
  const bindings = Object.entries(readMap(container.inspected.hostConfig.PortBindings));
  return bindings.flatMap(([name, list]) => {
    const [containerPort = '', protocol = 'tcp'] = name.split('/');
    return readMaps(list).map(({ HostIp, HostPort }) => ({
      service: container.service ?? container.name,
      hostIp: readText(HostIp),
      hostPort: toHostPort(readText(HostPort)),
      containerPort: Number(containerPort),
      protocol,
    }));
  });
}

export const holdsPorts = ({ state }: StackContainer) => ['running', 'restarting', 'paused'].includes(state);

const anywhere = ['', '0.0.0.0', '::'];

/** Whether both cannot listen at once. */
export function collides(a: Omit<PlanPort, 'service' | 'containerPort'>, b: typeof a): boolean {
  if (a.hostPort === null || a.hostPort !== b.hostPort || a.protocol !== b.protocol) return false;
  return a.hostIp === b.hostIp || anywhere.includes(a.hostIp) || anywhere.includes(b.hostIp);
}

const toText = (port: PlanPort) =>
  [port.service, port.hostIp, port.hostPort, port.containerPort, port.protocol].join(' ');

/** `after`: what will be published once the plan is applied; `before`: what is held now. */
export function toPortChanges(before: readonly PlanPort[], after: readonly PlanPort[]) {
  const held = new Set(before.map(toText));
  const wanted = new Set(after.map(toText));
  const unique = (ports: readonly PlanPort[]) => [...new Map(ports.map((port) => [toText(port), port])).values()];
  return {
    opened: unique(after.filter((port) => !held.has(toText(port)))),
    closed: unique(before.filter((port) => !wanted.has(toText(port)))),
  };
}

export interface PortInput {
  readonly project: Project;
  readonly services: readonly string[];
  readonly observed: ObservedStack;
  readonly draft: Draft;
  countOf(service: string): number;
}

export function checkPorts({ project, services, observed, draft, countOf }: PortInput): void {
  const all = services.filter((name) => countOf(name) > 0).flatMap((name) => toDeclaredPorts(project, name));
  for (const [index, port] of all.entries()) {
    const holder = observed.takenPorts.find((taken) => collides(port, taken));
    if (holder) blockTaken(port, holder, draft);
    const twin = all.slice(0, index).find((other) => other.service !== port.service && collides(port, other));
    if (twin) blockTwice(port, twin, draft);
  }
  for (const name of services) {
    checkScale(project, name, countOf(name), draft);
    checkListens(project, name, draft);
  }
}

const toAddress = ({ hostIp, hostPort, protocol }: PlanPort) =>
  `${hostIp ? `${hostIp}:` : ''}${hostPort}${protocol === 'tcp' ? '' : `/${protocol}`}`;

function blockTaken(port: PlanPort, holder: { container: string; project: string | null }, { blockers }: Draft): void {
  const owner = holder.project === null ? '' : ` of the project "${holder.project}"`;
  blockers.push({
    code: 'port-taken',
    subject: port.service,
    message: `service "${port.service}" publishes port ${toAddress(port)}, which the container ${holder.container}${owner} has.`,
    remedy: `Stop ${holder.container}, or publish another port.`,
  });
}

function blockTwice(port: PlanPort, other: PlanPort, { blockers }: Draft): void {
  blockers.push({
    code: 'port-twice',
    subject: port.service,
    message: `services "${other.service}" and "${port.service}" both publish port ${toAddress(port)}.`,
    remedy: 'Give one of them another host port or address.',
  });
}

function checkScale(project: Project, name: string, count: number, { blockers }: Draft): void {
  if (count < 2) return;
  const service = getService(project, name);
  if (service.container_name) {
    blockers.push({
      code: 'scaled-name',
      subject: name,
      message: `service "${name}" has container_name "${service.container_name}" and cannot have ${count} replicas: names are unique.`,
      remedy: 'Remove container_name, or keep one replica.',
    });
  }
  for (const port of service.ports ?? []) {
    const size = toRangeSize(port.published);
    if (size === 0 || size >= count) continue;
    blockers.push({
      code: 'scaled-port',
      subject: name,
      message: `service "${name}" publishes host port ${port.published}, which only ${size === 1 ? 'one' : size} of ${count} replicas can have.`,
      remedy: `Leave the host port out (the engine then chooses one for each), give a range of ${count} ports, or keep ${size === 1 ? 'one replica' : `${size} replicas`}.`,
    });
  }
}

/** Docker takes such a port and forwards nothing: no network of the container has a way to the host. */
function checkListens(project: Project, name: string, { warnings }: Draft): void {
  const service = getService(project, name);
  const keys = toNetworkKeys(service);
  if ((service.ports ?? []).length === 0 || service.network_mode || keys.length === 0) return;
  if (toReplicaCount(service) === 0 || keys.some((key) => !project.networks?.[key]?.internal)) return;
  const ports = toDeclaredPorts(project, name).map((port) => port.hostPort ?? 'any');
  warnings.push({
    code: 'port-listens-nowhere',
    subject: name,
    message: `service "${name}" publishes port ${ports.join(', ')}, but is only on internal networks (${keys.map((key) => toNetworkName(project, key)).join(', ')}): nothing will listen there.`,
    remedy: 'Add a network that is not internal, or remove the port.',
  });
}
