// POST /containers/create: from what the client wants to a container that could be started.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { EngineError } from '../http/engineError.ts';
import { DEFAULT_NETWORK, type Network, type Networks } from '../networks/networks.ts';
import { createContainerLog } from '../streams/containerLog.ts';
import type { Volumes } from '../volumes/volumes.ts';
import { type Container, type Endpoint, type ResolvedMount, toShortId } from './container.ts';
import { type PortAllocator, type PortMapping, toWantedPorts, type WantedPort } from './ports.ts';
import { findImagePorts, toWorkload, type Workload } from './programs.ts';
import type { ContainerSpec, Mount } from './spec.ts';
import { INITIAL_STATE } from './state.ts';

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;
const STAND_IN_LABEL = 'gatehouse.stand-in';
export const ADMIN_SOCKET_LABEL = 'gatehouse.sandbox.admin-socket';

/** Throws EngineError 400 for a name that Docker would not take. Without a name, one is made up. */
export function parseName(given: string | null): string {
  const name = (given ?? '').replace(/^\//, '');
  if (name === '') return `sandbox_${randomBytes(4).toString('hex')}`;
  if (!NAME.test(name)) {
    throw new EngineError(
      400,
      `Invalid container name (${name.slice(0, 300)}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    );
  }
  return name;
}

export async function createContainer(
  name: string,
  spec: ContainerSpec,
  engine: { networks: Networks; ports: PortAllocator; volumes: Volumes; stateFolder: string },
): Promise<{ container: Container; warnings: string[] }> {
  const id = randomBytes(32).toString('hex');
  const workload = toWorkload(spec.image, spec.command);
  const endpoints = toEndpoints(spec, engine.networks);
  const wanted = toWantedPorts(spec, findImagePorts(workload));
  const mounts = resolveMounts(spec.mounts, engine.volumes);
  const adminSocket = workload.kind === 'gateway' ? join(engine.stateFolder, `${toShortId(id)}.sock`) : null;
  const container: Container = {
    id,
    name,
    createdAt: Date.now(),
    spec,
    workload,
    labels: { ...spec.labels, ...toOwnLabels(workload, adminSocket) },
    log: createContainerLog(),
    adminSocket,
    mounts,
    restartPolicy: spec.restartPolicy,
    ports: await allocatePorts(wanted.ports, engine.ports),
    endpoints,
    state: INITIAL_STATE,
    health: null,
  };
  return { container, warnings: [...spec.warnings, ...wanted.warnings] };
}

/** The sandbox's own labels win: a compose file cannot claim to be a gateway or to be real. */
function toOwnLabels(workload: Workload, adminSocket: string | null): Record<string, string> {
  if (workload.kind === 'standIn') return { [STAND_IN_LABEL]: workload.product };
  return adminSocket === null ? {} : { [ADMIN_SOCKET_LABEL]: adminSocket };
}

/** Volumes that are not there yet are made, as Docker does. */
function resolveMounts(mounts: readonly Mount[], volumes: Volumes): ResolvedMount[] {
  return mounts.map(({ type, source, target, readOnly }) => {
    if (type === 'bind') return { volume: null, source, target, readOnly };
    const volume = volumes.ensure(source);
    return { volume: volume.name, source: volume.folder, target, readOnly };
  });
}

async function allocatePorts(wanted: readonly WantedPort[], ports: PortAllocator): Promise<PortMapping[]> {
  const mappings: PortMapping[] = [];
  for (const { containerPort, published, hostPort } of wanted) {
    const stated = hostPort !== 0;
    mappings.push({ containerPort, published, stated, hostPort: stated ? hostPort : await ports.allocate() });
  }
  return mappings;
}

function toEndpoints(spec: ContainerSpec, networks: Networks): Map<string, Endpoint> {
  if (['none', 'host'].includes(spec.networkMode)) return new Map();
  // The docker command calls the default network `default` in both places.
  const toName = (given: string) => (given === 'default' ? DEFAULT_NETWORK : given);
  const wanted = new Map(Object.entries(spec.endpoints).map(([name, endpoint]) => [toName(name), endpoint]));
  const mode = toName(spec.networkMode);
  // The default network is joined only by what names no other.
  if (!wanted.has(mode) && (mode !== DEFAULT_NETWORK || wanted.size === 0)) wanted.set(mode, { aliases: [] });
  const endpoints = new Map<string, Endpoint>();
  for (const [nameOrId, { aliases }] of wanted) {
    const network = networks.get(nameOrId);
    endpoints.set(network.id, toEndpoint(network, aliases));
  }
  return endpoints;
}

export function toEndpoint(network: Network, aliases: string[]): Endpoint {
  return { networkId: network.id, networkName: network.name, endpointId: randomBytes(32).toString('hex'), aliases };
}
