// Networks, volumes, images and published ports of an engine as a stack plan needs them: answers checked, defaults said.
import { z } from 'zod';
import type { ImageFacts } from '../../contract/index.ts';
import { flag, text, textMap, texts } from './answers.ts';

export interface StackNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly enableIpv6: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly ipam: { readonly driver: string; readonly pools: readonly AddressPool[] };
  readonly labels: Readonly<Record<string, string>>;
  /** Running containers on it, those of other projects too. */
  readonly members: readonly { readonly id: string; readonly name: string }[];
  /** Ids of other networks of this name that nothing is on: an engine makes one when two ask for it at a time. */
  readonly doubles: readonly string[];
}

export interface AddressPool {
  readonly subnet: string;
  readonly gateway: string;
  readonly ipRange: string;
  readonly reserved: Readonly<Record<string, string>>;
}

export interface StackVolume {
  readonly name: string;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** null: not asked for, or the engine does not say. */
  readonly sizeBytes: number | null;
}

export interface StackImage extends ImageFacts {
  /** What a container has where its own spec says nothing. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A host port that some container has, as the list of containers says. */
export interface TakenPort {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly protocol: string;
  readonly container: string;
  readonly project: string | null;
}

/** One row of the list of all containers: its names and ports are in the way of others. */
export interface NeighbourContainer {
  readonly id: string;
  readonly name: string;
  readonly project: string | null;
  readonly ports: readonly TakenPort[];
}

/** What the engine uses where nothing is said. */
export interface EngineDefaults {
  readonly loggingDriver: string;
  readonly runtime: string;
  /** null: not said. */
  readonly cgroupVersion: string | null;
  /** `1.41`; the engine takes several networks in one create from 1.44 on. */
  readonly apiVersion: string;
}

const networkSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Driver: text,
  Internal: flag,
  Attachable: flag,
  EnableIPv6: flag,
  Options: textMap,
  Labels: textMap,
  IPAM: z
    .object({
      Driver: text,
      Config: z
        .array(z.object({ Subnet: text, Gateway: text, IPRange: text, AuxiliaryAddresses: textMap }))
        .nullish()
        .catch([]),
    })
    .catch({ Driver: '', Config: [] }),
  Containers: z
    .record(z.string(), z.object({ Name: text }))
    .nullish()
    .catch({}),
});

export function parseStackNetwork(answer: unknown): StackNetwork {
  const network = networkSchema.parse(answer);
  return {
    id: network.Id,
    name: network.Name,
    driver: network.Driver,
    internal: network.Internal,
    attachable: network.Attachable,
    enableIpv6: network.EnableIPv6,
    options: network.Options ?? {},
    ipam: {
      driver: network.IPAM.Driver,
      pools: (network.IPAM.Config ?? []).map(({ Subnet, Gateway, IPRange, AuxiliaryAddresses }) => ({
        subnet: Subnet,
        gateway: Gateway,
        ipRange: IPRange,
        reserved: AuxiliaryAddresses ?? {},
      })),
    },
    labels: network.Labels ?? {},
    members: Object.entries(network.Containers ?? {}).map(([id, { Name }]) => ({ id, name: Name })),
    doubles: [],
  };
}

/** Of several networks of one name the one that is used, else the first; the order is that of their making. */
export function chooseNetwork(networks: readonly StackNetwork[]): StackNetwork | undefined {
  const [first] = networks;
  const used = networks.find(({ members }) => members.length > 0) ?? first;
  const doubles = networks.filter((one) => one !== used && one.members.length === 0).map(({ id }) => id);
  return used && { ...used, doubles };
}

const namesakeSchema = z.array(z.object({ Id: z.string(), Name: z.string(), Created: text }));

/** Ids of the networks of exactly this name in a list of networks, oldest first. */
export function findNamesakes(answer: unknown, name: string): string[] {
  return namesakeSchema
    .parse(answer)
    .filter(({ Name }) => Name === name)
    .sort((a, b) => Date.parse(a.Created) - Date.parse(b.Created) || (a.Id < b.Id ? -1 : 1))
    .map(({ Id }) => Id);
}

const volumeSchema = z.object({ Name: z.string(), Driver: text, Options: textMap, Labels: textMap });

export function parseStackVolume(answer: unknown): StackVolume {
  const volume = volumeSchema.parse(answer);
  return {
    name: volume.Name,
    driver: volume.Driver,
    options: volume.Options ?? {},
    labels: volume.Labels ?? {},
    sizeBytes: null,
  };
}

export function parseVolumeNames(answer: unknown): string[] {
  const { Volumes } = z.object({ Volumes: z.array(z.object({ Name: z.string() })).nullish() }).parse(answer);
  return (Volumes ?? []).map(({ Name }) => Name);
}

const usageSchema = z.object({
  Volumes: z
    .array(z.object({ Name: z.string(), UsageData: z.object({ Size: z.number() }).nullish().catch(null) }))
    .nullish()
    .catch([]),
});

/** Sizes by volume, of those whose size the engine says (−1 means that it does not know). */
export function parseVolumeSizes(answer: unknown): Map<string, number> {
  const { Volumes } = usageSchema.parse(answer);
  return new Map(
    (Volumes ?? []).flatMap(({ Name, UsageData }) =>
      UsageData && UsageData.Size >= 0 ? [[Name, UsageData.Size] as const] : [],
    ),
  );
}

const imageSchema = z.object({
  Id: z.string(),
  Config: z.record(z.string(), z.unknown()).nullish().catch({}),
  RepoDigests: texts,
  Created: text,
  Size: z.number().nullish().catch(null),
  Os: text,
  Architecture: text,
  Variant: text,
});

export function parseStackImage(answer: unknown): StackImage {
  const image = imageSchema.parse(answer);
  const createdAt = Date.parse(image.Created);
  return {
    id: image.Id,
    config: image.Config ?? {},
    digests: image.RepoDigests ?? [],
    // Builds that are to be the same each time carry the year 1 or 1970: no moment at which it was made.
    createdAt: createdAt > 0 ? createdAt : null,
    sizeBytes: image.Size ?? null,
    platform: [image.Os, image.Architecture, image.Variant].filter(Boolean).join('/'),
  };
}

export function parseImageTags(answer: unknown): string[] {
  return z
    .array(z.object({ RepoTags: texts }))
    .parse(answer)
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((tag) => !tag.includes('<none>'));
}

const neighbourSchema = z.object({
  Id: z.string(),
  Names: z.array(z.string()).nullish().catch([]),
  Labels: textMap,
  Ports: z
    .array(z.object({ IP: text, PublicPort: z.number().optional().catch(undefined), Type: z.string().catch('tcp') }))
    .nullish()
    .catch([]),
});

export function parseNeighbours(answer: unknown): NeighbourContainer[] {
  return z
    .array(neighbourSchema)
    .parse(answer)
    .map(({ Id, Names, Labels, Ports }) => {
      const name = (Names?.[0] ?? Id).replace(/^\//, '');
      const project = Labels?.['com.docker.compose.project'] ?? null;
      const ports = (Ports ?? []).flatMap(({ IP, PublicPort, Type }) =>
        PublicPort === undefined
          ? []
          : [{ hostIp: IP, hostPort: PublicPort, protocol: Type, container: name, project }],
      );
      return { id: Id, name, project, ports };
    });
}

const defaultsSchema = z.object({
  LoggingDriver: z.string().catch('json-file'),
  DefaultRuntime: z.string().catch('runc'),
  CgroupVersion: z.string().nullish().catch(null),
});

export function parseDefaults(info: unknown, version: unknown): EngineDefaults {
  const { LoggingDriver, DefaultRuntime, CgroupVersion } = defaultsSchema.parse(info);
  const { ApiVersion } = z.object({ ApiVersion: z.string().catch('1.40') }).parse(version);
  return {
    loggingDriver: LoggingDriver,
    runtime: DefaultRuntime,
    cgroupVersion: CgroupVersion ?? null,
    apiVersion: ApiVersion,
  };
}
