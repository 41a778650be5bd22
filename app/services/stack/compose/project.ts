// A compose project as `docker compose config --format json` reads it: every short form made long, every variable
// replaced, every file merged. Keys are the compose specification's own, since `gatehouse config --json` prints this.
// Dollar signs are single here and doubled in print.

export interface Project {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks?: Readonly<Record<string, Network>>;
  readonly volumes?: Readonly<Record<string, Volume>>;
  readonly secrets?: Readonly<Record<string, FileObject>>;
  readonly configs?: Readonly<Record<string, FileObject>>;
  readonly [extension: `x-${string}`]: unknown;
}

export type DependencyCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

export interface Dependency {
  readonly condition: DependencyCondition;
  readonly restart?: boolean;
  /** false: a missing or failing dependency is only warned of. */
  readonly required: boolean;
}

export interface HealthCheck {
  /** ["CMD", …], ["CMD-SHELL", …] or ["NONE"]. */
  readonly test?: readonly string[];
  /** Durations as compose writes them: `5s`, `1m30s`. */
  readonly interval?: string;
  readonly timeout?: string;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly retries?: number;
  readonly disable?: boolean;
}

export interface Port {
  readonly mode?: string;
  readonly host_ip?: string;
  readonly target: number;
  /** A port or a range, as text; absent: the engine chooses. */
  readonly published?: string;
  readonly protocol?: string;
  readonly name?: string;
  readonly app_protocol?: string;
}

export interface Mount {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster';
  /** Absolute path (bind) or key of `volumes` (volume); absent: anonymous volume or tmpfs. */
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly consistency?: string;
  readonly bind?: {
    readonly propagation?: string;
    readonly create_host_path?: boolean;
    readonly recursive?: string;
    readonly selinux?: string;
  };
  readonly volume?: { readonly nocopy?: boolean; readonly subpath?: string };
  readonly tmpfs?: { readonly size?: string; readonly mode?: number };
}

export interface ServiceNetwork {
  readonly aliases?: readonly string[];
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly link_local_ips?: readonly string[];
  readonly mac_address?: string;
  readonly priority?: number;
  /** Read, though compose 2.26 prints it away. */
  readonly gw_priority?: number;
  readonly driver_opts?: Readonly<Record<string, string>>;
}

export interface FileReference {
  readonly source: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  /** Permission bits, decimal: 0440 is 288. */
  readonly mode?: number;
}

export interface Build {
  readonly context: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly args?: Readonly<Record<string, string | null>>;
  readonly target?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly network?: string;
  readonly no_cache?: boolean;
  readonly pull?: boolean;
  readonly privileged?: boolean;
  readonly platforms?: readonly string[];
  readonly cache_from?: readonly string[];
  readonly cache_to?: readonly string[];
  /** `host=address`. */
  readonly extra_hosts?: readonly string[];
  readonly additional_contexts?: Readonly<Record<string, string>>;
  /** `id` or `id=path`. */
  readonly ssh?: readonly string[];
  readonly secrets?: readonly FileReference[];
  /** Bytes, as text. */
  readonly shm_size?: string;
  readonly [key: string]: unknown;
}

export interface Service {
  readonly image?: string;
  readonly build?: Build;
  readonly container_name?: string;
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly depends_on?: Readonly<Record<string, Dependency>>;
  readonly networks?: Readonly<Record<string, ServiceNetwork | null>>;
  readonly network_mode?: string;
  readonly ports?: readonly Port[];
  readonly expose?: readonly string[];
  readonly volumes?: readonly Mount[];
  readonly secrets?: readonly FileReference[];
  readonly configs?: readonly FileReference[];
  readonly healthcheck?: HealthCheck;
  readonly restart?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly profiles?: readonly string[];
  readonly scale?: number;
  readonly deploy?: Deploy;
  readonly pull_policy?: string;
  readonly stop_grace_period?: string;
  readonly stop_signal?: string;
  readonly init?: boolean;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly tmpfs?: readonly string[];
  /** `host=address`, sorted. */
  readonly extra_hosts?: readonly string[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly ulimits?: Readonly<Record<string, number | { readonly soft?: number; readonly hard?: number }>>;
  readonly logging?: { readonly driver?: string; readonly options?: Readonly<Record<string, string>> };
  readonly devices?: readonly { readonly source: string; readonly target: string; readonly permissions?: string }[];
  readonly dns?: readonly string[];
  readonly hostname?: string;
  readonly working_dir?: string;
  readonly tty?: boolean;
  readonly stdin_open?: boolean;
  readonly platform?: string;
  readonly cpus?: number;
  /** Bytes, as text; `-1`: no limit. */
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly links?: readonly string[];
  readonly volumes_from?: readonly string[];
  /** Everything else that the specification has, by its own key. */
  readonly [key: string]: unknown;
}

export interface Deploy {
  readonly mode?: string;
  readonly replicas?: number;
  readonly resources?: {
    /** Memory in bytes, as text. */
    readonly limits?: { readonly cpus?: number; readonly memory?: string; readonly pids?: number };
    readonly reservations?: { readonly cpus?: number; readonly memory?: string; readonly [key: string]: unknown };
  };
  readonly restart_policy?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

export interface Network {
  /** As the engine knows it: `PROJECT_KEY` unless the file says otherwise. */
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: Readonly<Record<string, string>>;
  readonly internal?: boolean;
  readonly external?: boolean;
  readonly attachable?: boolean;
  readonly enable_ipv6?: boolean;
  readonly enable_ipv4?: boolean;
  readonly ipam?: Ipam;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Ipam {
  readonly driver?: string;
  readonly config?: readonly {
    readonly subnet?: string;
    readonly gateway?: string;
    readonly ip_range?: string;
    readonly aux_addresses?: Readonly<Record<string, string>>;
  }[];
  readonly options?: Readonly<Record<string, string>>;
}

export interface Volume {
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: Readonly<Record<string, string>>;
  readonly external?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A secret or config: exactly one of its sources is set. */
export interface FileObject {
  readonly name: string;
  readonly file?: string;
  readonly environment?: string;
  readonly content?: string;
  readonly external?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}
