// What the engine says, as plain data: every field that we use, checked, bounded, and with a value for "not said".
import { z } from 'zod';
import type { Container, PublishedPort } from '../../contract/index.ts';
import { containerState, count, flag, text, textMap, texts } from './answers.ts';
import { bindingsSchema, exposedPortsSchema, toPorts } from './publishedPorts.ts';

export interface ObservedContainer extends Container {
  project: string;
  /** The compose service, or null for a container that compose did not make. */
  service: string | null;
  /** `docker compose run`: not part of the service. */
  oneOff: boolean;
  /** Only labels of compose and of Gatehouse. Untrusted text. */
  labels: Readonly<Record<string, string>>;
  restartPolicy: string;
  /** null: no limit, or none said. */
  limits: { cpus: number | null; memoryBytes: number | null };
  hasHealthCheck: boolean;
  networks: readonly { name: string; address: string; aliases: readonly string[] }[];
  ports: readonly PublishedPort[];
  tty: boolean;
}

export interface ObservedNetwork {
  id: string;
  name: string;
  internal: boolean;
  project: string | null;
  /** The name in the compose file, without the project's prefix. */
  composeName: string | null;
}

export interface EngineIdentity {
  name: string;
  version: string;
  /** The engine says that it is a Gatehouse sandbox. It may lie: this only ever makes us claim less. */
  isSandbox: boolean;
}

const inspectSchema = z.object({
  Id: z.string().min(1),
  Name: text,
  Image: text,
  RestartCount: count,
  State: containerState,
  Config: z.object({
    Image: text,
    Labels: textMap,
    Env: texts,
    Cmd: texts,
    Entrypoint: texts,
    Tty: flag,
    ExposedPorts: exposedPortsSchema,
    Healthcheck: z.object({ Test: texts }).nullish().catch(null),
  }),
  HostConfig: z
    .object({
      RestartPolicy: z.object({ Name: text }).nullish().catch(null),
      NanoCpus: count,
      CpuQuota: count,
      CpuPeriod: count,
      Memory: count,
    })
    .catch({ RestartPolicy: null, NanoCpus: 0, CpuQuota: 0, CpuPeriod: 0, Memory: 0 }),
  NetworkSettings: z
    .object({
      Ports: bindingsSchema,
      Networks: z
        .record(z.string(), z.object({ IPAddress: text, Aliases: texts }))
        .nullish()
        .catch({}),
    })
    .catch({ Ports: {}, Networks: {} }),
  Mounts: z
    .array(z.object({ Source: text, Destination: text, RW: z.boolean().catch(true) }))
    .nullish()
    .catch([]),
});

/** A container's inspect answer, after its shape was checked. */
export type Inspected = z.infer<typeof inspectSchema>;

const probeOutputLimit = 4096;
const labelLimit = 4096;
const nameLimit = 256;

/** Throws a ZodError when the answer is not one of a Docker engine. */
export function parseInspect(answer: unknown): Inspected {
  return inspectSchema.parse(answer);
}

export function toObservedContainer(inspected: Inspected): ObservedContainer {
  const labels = ownLabels(inspected.Config.Labels ?? {});
  const test = inspected.Config.Healthcheck?.Test ?? [];
  return {
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, '').slice(0, nameLimit),
    project: labels['com.docker.compose.project'] ?? '',
    service: labels['com.docker.compose.service']?.slice(0, nameLimit) ?? null,
    oneOff: labels['com.docker.compose.oneoff'] === 'True',
    labels,
    state: inspected.State.Status,
    health: inspected.State.Health?.Status ?? 'none',
    hasHealthCheck: (test.length > 0 && test[0] !== 'NONE') || (inspected.State.Health?.Status ?? 'none') !== 'none',
    probes: toProbes(inspected),
    startedAt: toTime(inspected.State.StartedAt),
    finishedAt: toTime(inspected.State.FinishedAt),
    exitCode:
      inspected.State.Status === 'exited' || inspected.State.Status === 'restarting' ? inspected.State.ExitCode : null,
    outOfMemory: inspected.State.OOMKilled,
    restarts: inspected.RestartCount,
    image: inspected.Config.Image,
    imageId: inspected.Image,
    restartPolicy: inspected.HostConfig.RestartPolicy?.Name || 'no',
    limits: toLimits(inspected.HostConfig),
    networks: Object.entries(inspected.NetworkSettings.Networks ?? {}).map(([name, network]) => ({
      name,
      address: network.IPAddress,
      aliases: network.Aliases ?? [],
    })),
    ports: toPorts(inspected.NetworkSettings.Ports, inspected.Config.ExposedPorts),
    tty: inspected.Config.Tty,
  };
}

/** `cpus` of a compose file becomes NanoCpus; others set a quota of a period, which is 100 ms unless said. */
function toLimits({ NanoCpus, CpuQuota, CpuPeriod, Memory }: Inspected['HostConfig']): ObservedContainer['limits'] {
  const cpus = NanoCpus > 0 ? NanoCpus / 1e9 : CpuQuota > 0 ? CpuQuota / (CpuPeriod > 0 ? CpuPeriod : 100_000) : null;
  return { cpus, memoryBytes: Memory > 0 ? Memory : null };
}

function toProbes(inspected: Inspected): Container['probes'] {
  const log = inspected.State.Health?.Log ?? [];
  return log
    .map((probe) => ({
      at: toTime(probe.End) ?? 0,
      exitCode: probe.ExitCode,
      output: probe.Output.slice(0, probeOutputLimit),
    }))
    .sort((a, b) => b.at - a.at)
    .slice(0, 5);
}

const networkSchema = z.object({ Id: z.string(), Name: z.string(), Internal: flag, Labels: textMap });

export function parseNetworks(answer: unknown): ObservedNetwork[] {
  return z
    .array(networkSchema)
    .parse(answer)
    .map((network) => ({
      id: network.Id,
      name: network.Name,
      internal: network.Internal,
      project: network.Labels?.['com.docker.compose.project'] ?? null,
      composeName: network.Labels?.['com.docker.compose.network'] ?? null,
    }));
}

const execSchema = z.object({ Running: flag, ExitCode: z.number().nullish().catch(null) });

/** Of an exec; null while it runs. */
export function parseExitCode(answer: unknown): number | null {
  const { Running, ExitCode } = execSchema.parse(answer);
  return Running ? null : (ExitCode ?? null);
}

const infoSchema = z.object({ Name: text, ServerVersion: text, OperatingSystem: text, Labels: texts });

export function parseInfo(answer: unknown): EngineIdentity {
  const info = infoSchema.parse(answer);
  return {
    name: info.Name,
    version: info.ServerVersion,
    isSandbox: (info.Labels ?? []).includes('gatehouse.engine=sandbox'),
  };
}

/** One row of the container list: enough to find projects and to know what to inspect. */
export interface ListedContainer {
  id: string;
  image: string;
  state: string;
  unhealthy: boolean;
  /** It ended by itself, with exit code 0. */
  endedWell: boolean;
  labels: Readonly<Record<string, string>>;
}

const listedSchema = z.object({ Id: z.string(), Image: text, State: text, Status: text, Labels: textMap });

export function parseList(answer: unknown): ListedContainer[] {
  return z
    .array(listedSchema)
    .parse(answer)
    .map((row) => ({
      id: row.Id,
      image: row.Image,
      state: row.State,
      unhealthy: row.Status.includes('(unhealthy)'),
      endedWell: row.Status.startsWith('Exited (0)'),
      labels: ownLabels(row.Labels ?? {}),
    }));
}

/** The others are not used, and an image may carry megabytes of them. */
function ownLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(labels).filter(
    ([name, value]) => /^(com\.docker\.compose|gatehouse)\./.test(name) && value.length <= labelLimit,
  );
  return Object.fromEntries(own);
}

/** The engine writes year 1 for "never". */
function toTime(value: string): number | null {
  const at = Date.parse(value);
  return Number.isNaN(at) || at <= 0 ? null : at;
}
