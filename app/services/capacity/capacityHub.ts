// Looks at the room of the engine's machine while somebody watches: the disk every 10 s, what takes it once a minute, since
// the engine walks all files for that.
import type { Capacity, Stats } from '../../contract/index.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { DiskUsage, EngineMachine } from '../docker/diskUsage.ts';
import type { Engine } from '../docker/engine.ts';
import type { ProjectWatch } from '../docker/projectWatch.ts';
import { createWhileUsed } from '../metrics/whileUsed.ts';
import type { StatsHub } from '../stats/statsHub.ts';
import { createLiveValue, follow, type LiveValue } from '../stream/liveValue.ts';
import { wait } from '../stream/wait.ts';
import { type FreeSample, foreseeFull, judgeCapacity, judgeDisk, judgeMemory } from './judgeCapacity.ts';
import { type LocalRoom, lookAtRoom } from './localMachine.ts';

export interface CapacityHub {
  /** undefined while nobody looks. */
  readonly latest: LiveValue<Capacity | undefined>;
  watch(signal: AbortSignal): AsyncGenerator<Capacity>;
  close(): Promise<void>;
}

export interface CapacityHubOptions {
  readonly stack: Pick<ProjectWatch, 'observed' | 'connection'>;
  readonly stats: StatsHub;
  readonly openEngine: () => Engine;
  readonly project: string;
  readonly now: () => number;
}

const everyMs = 10_000;
const countEveryMs = 60_000;
/** Volumes of many small files take an engine minutes to count. */
const countTimeoutMs = 120_000;
/** A reload of the page is no reason to count anew. */
const lingerMs = 30_000;
const sampleLimit = 360;
const shownVolumes = 100;

export function createCapacityHub(options: CapacityHubOptions): CapacityHub {
  const latest = createLiveValue<Capacity | undefined>(undefined);
  const looking = createWhileUsed(async (signal) => {
    try {
      await withoutRecording(() => keepLooking(options, latest.set, signal));
    } finally {
      latest.set(undefined);
    }
  }, lingerMs);
  return {
    latest,
    async *watch(signal) {
      const release = looking.hold();
      try {
        yield* follow(latest, signal);
      } finally {
        release();
      }
    },
    close: looking.close,
  };
}

interface Known {
  machine: EngineMachine;
  room: LocalRoom;
  usage: Capacity['usage'];
  usageFailure: string | null;
  stats: Stats | undefined;
  samples: FreeSample[];
}

async function keepLooking(
  options: CapacityHubOptions,
  publish: (capacity: Capacity) => void,
  signal: AbortSignal,
): Promise<void> {
  const { stack, now } = options;
  const known: Partial<Known> = {};
  const show = () => {
    const { machine, room } = known;
    if (machine && room && !signal.aborted)
      publish(
        toCapacity({ usage: null, usageFailure: null, stats: undefined, samples: [], ...known, machine, room }, now()),
      );
  };
  const isHeard = () => stack.connection.current.state === 'live';
  const readStats = async () => {
    for await (const stats of options.stats.watch(signal)) known.stats = stats;
  };
  const count = async () => {
    while (!signal.aborted) {
      if (isHeard()) Object.assign(known, await countUsage(options));
      show();
      await wait(isHeard() ? countEveryMs : everyMs, signal);
    }
  };
  const look = async () => {
    while (!signal.aborted) {
      if (isHeard()) Object.assign(known, await lookOnce(options, known.samples ?? []));
      show();
      await wait(everyMs, signal);
    }
  };
  await Promise.all([readStats(), look(), count()]);
}

/** What was known stays while the engine does not answer: its connection says so. Never rejects. */
async function lookOnce(
  { openEngine, stack, now }: CapacityHubOptions,
  samples: readonly FreeSample[],
): Promise<Partial<Known>> {
  try {
    const engine = openEngine();
    try {
      const machine = await engine.machine();
      const isSandbox = stack.observed.current?.engine.isSandbox ?? false;
      const room = await lookAtRoom(engine.address, machine, isSandbox);
      const sample = room.freeBytes === null ? [] : [{ at: now(), freeBytes: room.freeBytes }];
      return { machine, room, samples: [...samples, ...sample].slice(-sampleLimit) };
    } finally {
      engine.close();
    }
  } catch {
    return {};
  }
}

/** Never rejects. */
async function countUsage({ openEngine, project, now }: CapacityHubOptions): Promise<Partial<Known>> {
  try {
    const engine = openEngine();
    try {
      return { usage: toUsage(await engine.diskUsage(countTimeoutMs), { project, at: now() }), usageFailure: null };
    } finally {
      engine.close();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown reason';
    return { usageFailure: `What takes the disk could not be counted: ${reason}` };
  }
}

function toUsage(
  { eachVolume, ...parts }: DiskUsage,
  { project, at }: { project: string; at: number },
): NonNullable<Capacity['usage']> {
  const largest = eachVolume
    .map(({ name, bytes, users, project: of }) => ({ name, bytes, users, isOwn: of === project }))
    .toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn) || (b.bytes ?? -1) - (a.bytes ?? -1));
  return { at, ...parts, largest: largest.slice(0, shownVolumes) };
}

function toCapacity({ machine, room, usage, usageFailure, stats, samples }: Known, now: number): Capacity {
  const { totalBytes, freeBytes, why, availableMemoryBytes } = room;
  const disk = {
    level: judgeDisk(room),
    folder: machine.folder,
    totalBytes,
    freeBytes,
    why,
    fullAt: foreseeFull(samples),
  };
  const memory = {
    level: judgeMemory({ totalBytes: machine.memoryBytes, freeBytes: availableMemoryBytes }),
    totalBytes: machine.memoryBytes,
    availableBytes: availableMemoryBytes,
    projectBytes: sumOf(stats, ({ memoryBytes }) => memoryBytes),
  };
  return {
    at: now,
    ...judgeCapacity({ disk, memory }),
    disk,
    memory,
    processors: { count: machine.processors, projectCores: sumOf(stats, ({ cpuShare }) => cpuShare) },
    usage,
    usageFailure,
  };
}

/** null as long as no container has said it. */
function sumOf(stats: Stats | undefined, read: (container: Stats['containers'][number]) => number | null) {
  const known = (stats?.containers ?? []).map(read).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
