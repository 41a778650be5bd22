// What `docker system df` counts, and the machine under the engine: /system/df and /info as plain data.
import { z } from 'zod';
import { count, text, textMap } from './answers.ts';

export interface DiskUsage {
  readonly images: DiskPart;
  readonly containers: DiskPart;
  readonly volumes: DiskPart;
  readonly buildCache: DiskPart;
  readonly eachVolume: readonly { name: string; bytes: number | null; users: number | null; project: string | null }[];
}

export interface DiskPart {
  readonly count: number;
  /** null: the engine does not count it. */
  readonly bytes: number | null;
  readonly reclaimableBytes: number | null;
}

export interface EngineMachine {
  readonly name: string;
  readonly system: string;
  /** Where the engine keeps its data, on its own machine. */
  readonly folder: string;
  readonly memoryBytes: number | null;
  readonly processors: number | null;
}

/** More than any engine that is still usable has; the rest is counted and not listed. */
const rowLimit = 10_000;
const bytes = z.number().catch(-1);
const rows = <T extends z.ZodType>(row: T) =>
  z
    .array(row)
    .nullish()
    .catch([])
    .transform((list) => (list ?? []).slice(0, rowLimit));

const usageSchema = z.object({
  LayersSize: bytes,
  Images: rows(z.object({ Size: bytes, SharedSize: bytes, Containers: bytes })),
  Containers: rows(z.object({ SizeRw: bytes, State: text })),
  Volumes: rows(
    z.object({
      Name: text,
      Labels: textMap,
      UsageData: z.object({ Size: bytes, RefCount: bytes }).nullish().catch(null),
    }),
  ),
  BuildCache: rows(z.object({ Size: bytes, InUse: z.boolean().catch(true), Shared: z.boolean().catch(false) })),
});

/** -1, or a field that is not there, means that the engine has not counted. Throws where it is no answer of an engine. */
export function parseDiskUsage(answer: unknown): DiskUsage {
  const { LayersSize, Images, Containers, Volumes, BuildCache } = usageSchema.parse(answer);
  // As the docker command adds it up: what images in use do not share stays.
  const kept = Images.filter((image) => image.Containers !== 0 && image.Size >= 0 && image.SharedSize >= 0);
  const layers = LayersSize > 0 || Images.length === 0 ? Math.max(0, LayersSize) : null;
  const used = kept.reduce((sum, image) => sum + image.Size - image.SharedSize, 0);
  const sized = Volumes.map(({ Name, Labels, UsageData }) => ({
    name: Name.slice(0, 256),
    bytes: toKnown(UsageData?.Size),
    users: toKnown(UsageData?.RefCount),
    project: Labels?.['com.docker.compose.project'] ?? null,
  }));
  return {
    images: {
      count: Images.length,
      bytes: layers,
      reclaimableBytes: layers === null ? null : Math.max(0, layers - used),
    },
    containers: toPart(
      Containers.map(({ SizeRw, State }) => ({ bytes: toKnown(SizeRw), isFree: !/running|paused/.test(State) })),
    ),
    volumes: toPart(sized.map(({ bytes: size, users }) => ({ bytes: size, isFree: users === 0 }))),
    buildCache: toPart(
      BuildCache.filter(({ Shared }) => !Shared).map(({ Size, InUse }) => ({ bytes: toKnown(Size), isFree: !InUse })),
    ),
    eachVolume: sized,
  };
}

const toKnown = (value: number | undefined): number | null => (value === undefined || value < 0 ? null : value);

/** Known as soon as one of them is; with none there is nothing to know. */
function toPart(parts: readonly { bytes: number | null; isFree: boolean }[]): DiskPart {
  const known = parts.filter((part) => part.bytes !== null);
  if (parts.length > 0 && known.length === 0) return { count: parts.length, bytes: null, reclaimableBytes: null };
  const sum = (list: typeof known) => list.reduce((total, part) => total + (part.bytes ?? 0), 0);
  return { count: parts.length, bytes: sum(known), reclaimableBytes: sum(known.filter(({ isFree }) => isFree)) };
}

const machineSchema = z.object({
  Name: text,
  OperatingSystem: text,
  DockerRootDir: text,
  MemTotal: count,
  NCPU: count,
});

export function parseMachine(answer: unknown): EngineMachine {
  const { Name, OperatingSystem, DockerRootDir, MemTotal, NCPU } = machineSchema.parse(answer);
  return {
    name: Name,
    system: OperatingSystem,
    folder: DockerRootDir.slice(0, 4096),
    memoryBytes: MemTotal > 0 ? MemTotal : null,
    processors: NCPU > 0 ? NCPU : null,
  };
}
