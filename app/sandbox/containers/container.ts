import type { HealthState } from '../health/state.ts';
import type { ContainerLog } from '../streams/containerLog.ts';
import type { PortMapping } from './ports.ts';
import type { Workload } from './programs.ts';
import type { RestartPolicy } from './restartPolicy.ts';
import type { ContainerSpec } from './spec.ts';
import type { ContainerState } from './state.ts';

export interface Endpoint {
  networkId: string;
  networkName: string;
  endpointId: string;
  aliases: string[];
}

export interface ResolvedMount {
  /** The volume's name; null for a bind mount. */
  volume: string | null;
  /** A path of this machine. */
  source: string;
  target: string;
  readOnly: boolean;
}

/** One container as the engine holds it. Only the lifecycle, the health monitor and the routes change it. */
export interface Container {
  readonly id: string;
  name: string;
  readonly createdAt: number;
  readonly spec: ContainerSpec;
  readonly workload: Workload;
  /** The client's labels and those that the sandbox adds. */
  readonly labels: Readonly<Record<string, string>>;
  readonly log: ContainerLog;
  /** Of a gateway: where its admin API listens. */
  readonly adminSocket: string | null;
  readonly mounts: readonly ResolvedMount[];
  restartPolicy: RestartPolicy;
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
