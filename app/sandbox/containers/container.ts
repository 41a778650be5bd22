import type { HealthState } from '../health/state.ts';
import type { ContainerLog } from '../streams/containerLog.ts';
import type { PortMapping } from './ports.ts';
import type { Workload } from './programs.ts';
import type { ContainerSpec } from './spec.ts';
import type { ContainerState } from './state.ts';

export interface Endpoint {
  networkId: string;
  networkName: string;
  endpointId: string;
  aliases: string[];
}

/** One container as the engine holds it. Only lifecycle.ts, the health monitor and the network routes change it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly spec: ContainerSpec;
  readonly workload: Workload;
  /** The client's labels and those that the sandbox adds. */
  readonly labels: Readonly<Record<string, string>>;
  readonly log: ContainerLog;
  /** Of a gateway: where its admin API listens. */
  readonly adminSocket: string | null;
  ports: PortMapping[];
  /** By network id. */
  endpoints: Map<string, Endpoint>;
  state: ContainerState;
  health: HealthState | null;
}

export const toShortId = (id: string) => id.slice(0, 12);

/** Names under which others dial this container. */
export function listNames(container: Container): string[] {
  const aliases = [...container.endpoints.values()].flatMap((endpoint) => endpoint.aliases);
  return [...new Set([container.name, toShortId(container.id), ...aliases])];
}
