// What planning needs to know of an engine and of this machine, as plain data: made by observeStack, read by pure functions.
import type { EngineIdentity } from '../../docker/observed.ts';

/** A container of the project, as inspected. */
export interface StackContainer {
  readonly id: string;
  readonly name: string;
  /** null: compose did not make it as part of a service. */
  readonly service: string | null;
  readonly replica: number;
  /** `docker compose run`: never part of a service. */
  readonly oneOff: boolean;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  readonly health: 'healthy' | 'unhealthy' | 'starting' | 'none';
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly restarts: number;
  /** Epoch ms; null: never. */
  readonly createdAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** When a probe last ended, and when it first said healthy in what the engine still keeps. */
  readonly healthyAt: number | null;
  readonly imageId: string;
  /** As the container was asked for: `nginx:1.28.0`. */
  readonly imageReference: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The sections of inspect that a spec is compared with; Config, HostConfig, Mounts and Networks as the engine wrote them. */
  readonly inspected: InspectedSpec;
}

export interface InspectedSpec {
  readonly config: Readonly<Record<string, unknown>>;
  readonly hostConfig: Readonly<Record<string, unknown>>;
  readonly mounts: readonly InspectedMount[];
  readonly networks: Readonly<Record<string, InspectedEndpoint>>;
}

export interface InspectedMount {
  readonly type: string;
  /** Of a volume. */
  readonly name: string | null;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface InspectedEndpoint {
  readonly networkId: string;
  readonly aliases: readonly string[];
  readonly ipv4Address: string | null;
  readonly ipv6Address: string | null;
  readonly macAddress: string | null;
  readonly driverOpts: Readonly<Record<string, string>>;
}

export interface StackNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly enableIpv6: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly ipam: readonly { readonly subnet: string; readonly gateway: string; readonly ipRange: string }[];
  readonly labels: Readonly<Record<string, string>>;
  /** Running containers on it, by id and name; those of other projects too. */
  readonly members: readonly { readonly id: string; readonly name: string }[];
}

export interface StackVolume {
  readonly name: string;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** null: not asked for, or the engine does not say. */
  readonly sizeBytes: number | null;
}

export interface StackImage {
  readonly id: string;
  /** Config of the image: what a container has where its spec says nothing. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A host port that a container outside of the project has. */
export interface TakenPort {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly protocol: string;
  readonly container: string;
  readonly project: string | null;
}

export type FileFact = 'file' | 'folder' | 'missing' | 'unreadable';

export interface ObservedStack {
  /** Epoch ms. */
  readonly at: number;
  readonly project: string;
  readonly engine: EngineIdentity;
  readonly containers: readonly StackContainer[];
  /** Those of the project, and those that its files name; by the engine's name. */
  readonly networks: Readonly<Record<string, StackNetwork>>;
  readonly volumes: Readonly<Record<string, StackVolume>>;
  /** By reference as the files write it and by id of what containers run; null: not on the engine. */
  readonly images: Readonly<Record<string, StackImage | null>>;
  readonly takenPorts: readonly TakenPort[];
  /** Names of containers that are not the project's but would be in the way of its own. */
  readonly takenNames: Readonly<Record<string, string>>;
  /** Of this machine, by path: sources of bind mounts, secrets and configs. */
  readonly files: Readonly<Record<string, FileFact>>;
  /** Of this machine: variables that secrets and configs name as their source, and whether they are set. */
  readonly variables: Readonly<Record<string, boolean>>;
}
