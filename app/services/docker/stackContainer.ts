// A container as a stack plan needs it: its life, and the sections of inspect that a spec is compared with.
import { z } from 'zod';
import type { PublishedPort } from '../../contract/index.ts';
import { containerState, count, text, textMap, texts } from './answers.ts';
import { bindingsSchema, exposedPortsSchema, toPorts } from './publishedPorts.ts';

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export interface StackContainer {
  readonly id: string;
  readonly name: string;
  /** null: compose did not make it as part of a service. */
  readonly service: string | null;
  /** From 1; 0 where the label says none. */
  readonly replica: number;
  /** `docker compose run`: never part of a service. */
  readonly oneOff: boolean;
  readonly state: ContainerState;
  readonly health: 'healthy' | 'unhealthy' | 'starting' | 'none';
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** What the engine says of a start that failed. Untrusted text. */
  readonly error: string;
  readonly restarts: number;
  /** Epoch ms; null: never. */
  readonly createdAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** When it became healthy; null when that is longer ago than the five probes which the engine keeps. */
  readonly healthyAt: number | null;
  /** What the newest probe printed, cut. Untrusted text. */
  readonly probeOutput: string | null;
  readonly imageId: string;
  /** Where they can be reached now; what is only exposed has no address of the machine. */
  readonly ports: readonly PublishedPort[];
  readonly labels: Readonly<Record<string, string>>;
  readonly inspected: InspectedSpec;
}

/** As the engine wrote it; every field is read with care by the one who compares it. */
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
  /** Empty before the first start. */
  readonly networkId: string;
  readonly aliases: readonly string[];
  readonly links: readonly string[];
  readonly ipv4Address: string | null;
  readonly ipv6Address: string | null;
}

const open = z.record(z.string(), z.unknown()).nullish().catch({});

const endpointSchema = z.object({
  NetworkID: text,
  Aliases: texts,
  Links: texts,
  IPAMConfig: z.object({ IPv4Address: text, IPv6Address: text }).partial().nullish().catch(null),
});

const containerSchema = z.object({
  Id: z.string().min(1),
  Name: text,
  Image: text,
  Created: text,
  RestartCount: count,
  State: containerState,
  Config: z.looseObject({
    Labels: textMap,
    ExposedPorts: exposedPortsSchema,
  }),
  HostConfig: open,
  Mounts: z
    .array(z.object({ Type: text, Name: text, Source: text, Destination: text, RW: z.boolean().catch(true) }))
    .nullish()
    .catch([]),
  NetworkSettings: z
    .object({ Ports: bindingsSchema, Networks: z.record(z.string(), endpointSchema).nullish().catch({}) })
    .catch({ Ports: {}, Networks: {} }),
});

const outputLimit = 500;
/** moby daemon/health.go, maxLogEntries. */
const keptProbes = 5;

/** Throws a ZodError when the answer is not one of a Docker engine. */
export function parseStackContainer(answer: unknown): StackContainer {
  const inspected = containerSchema.parse(answer);
  const { State: state, Config: config } = inspected;
  const labels = config.Labels ?? {};
  const probes = [...(state.Health?.Log ?? [])].sort((a, b) => Date.parse(a.End) - Date.parse(b.End));
  return {
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, ''),
    service: labels['com.docker.compose.service'] ?? null,
    replica: Number.parseInt(labels['com.docker.compose.container-number'] ?? '', 10) || 0,
    oneOff: labels['com.docker.compose.oneoff'] === 'True',
    state: state.Status,
    health: state.Health?.Status ?? 'none',
    exitCode: state.ExitCode,
    outOfMemory: state.OOMKilled,
    error: state.Error.slice(0, outputLimit),
    restarts: inspected.RestartCount,
    createdAt: toTime(inspected.Created),
    startedAt: toTime(state.StartedAt),
    finishedAt: toTime(state.FinishedAt),
    healthyAt: state.Health?.Status === 'healthy' ? findHealthyAt(probes, Date.parse(state.StartedAt)) : null,
    probeOutput: probes.at(-1)?.Output.slice(0, outputLimit) ?? null,
    imageId: inspected.Image,
    ports: toPorts(inspected.NetworkSettings.Ports, config.ExposedPorts),
    labels,
    inspected: {
      config,
      hostConfig: inspected.HostConfig ?? {},
      mounts: (inspected.Mounts ?? []).map((mount) => ({
        type: mount.Type,
        name: mount.Name || null,
        source: mount.Source,
        target: mount.Destination,
        readOnly: !mount.RW,
      })),
      networks: Object.fromEntries(
        Object.entries(inspected.NetworkSettings.Networks ?? {}).map(([name, endpoint]) => [
          name,
          {
            networkId: endpoint.NetworkID,
            aliases: endpoint.Aliases ?? [],
            links: endpoint.Links ?? [],
            ipv4Address: endpoint.IPAMConfig?.IPv4Address || null,
            ipv6Address: endpoint.IPAMConfig?.IPv6Address || null,
          },
        ]),
      ),
    },
  };
}

/** The first good probe since its start, where what was before it is known: a bad one, one of an earlier run, or nothing. */
function findHealthyAt(probes: readonly { End: string; ExitCode: number }[], startedAt: number): number | null {
  // The engine keeps those of earlier runs.
  const isBefore = ({ End, ExitCode }: { End: string; ExitCode: number }) =>
    ExitCode !== 0 || Date.parse(End) < startedAt;
  const first = probes.findLastIndex(isBefore) + 1;
  if (first === 0 && probes.length >= keptProbes) return null;
  return toTime(probes[first]?.End ?? '');
}

/** The engine writes year 1 for "never". */
function toTime(value: string): number | null {
  const at = Date.parse(value);
  return Number.isNaN(at) || at <= 0 ? null : at;
}
