// How much room is left, and whether that is enough: thresholds in one place. Pure.
import type { Capacity, Level } from '../../contract/index.ts';

export interface RoomFacts {
  readonly totalBytes: number | null;
  readonly freeBytes: number | null;
}

const gibibyte = 1024 ** 3;
/** Little of a large disk is still much: both the share and the room have to be small. */
const low = { share: 0.15, bytes: 20 * gibibyte };
/** An image, or a checkpoint of a database, may not fit any more. */
const nearlyFull = { share: 0.05, bytes: 5 * gibibyte };
/** What is left when writes begin to fail on filesystems that keep a reserve. */
const full = { share: 0.01, bytes: gibibyte };
const lowMemory = { share: 0.1, bytes: 2 * gibibyte };
const noMemory = { share: 0.03, bytes: gibibyte / 2 };

const isBelow = ({ totalBytes, freeBytes }: RoomFacts, limit: { share: number; bytes: number }) =>
  totalBytes !== null && freeBytes !== null && freeBytes < limit.bytes && freeBytes < totalBytes * limit.share;

export function judgeDisk(room: RoomFacts): Level {
  if (room.freeBytes === null || room.totalBytes === null) return 'unknown';
  if (isBelow(room, full)) return 'down';
  return isBelow(room, low) ? 'degraded' : 'ok';
}

/** What the verdict is about: not little room, but no room soon. */
export function isNearlyFull(room: RoomFacts): boolean {
  return isBelow(room, nearlyFull);
}

export function judgeMemory(room: RoomFacts): Level {
  if (room.freeBytes === null || room.totalBytes === null) return 'unknown';
  if (isBelow(room, noMemory)) return 'down';
  return isBelow(room, lowMemory) ? 'degraded' : 'ok';
}

export interface FreeSample {
  /** Epoch ms. */
  readonly at: number;
  readonly freeBytes: number;
}

/** A pace over less is that of one file. */
const leastSpanMs = 5 * 60_000;
const furthestMs = 7 * 24 * 3_600_000;

/** When nothing is left at the pace from the first to the last sample; null where it is not filling, or slowly. */
export function foreseeFull(samples: readonly FreeSample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.at - first.at < leastSpanMs) return null;
  const perMs = (first.freeBytes - last.freeBytes) / (last.at - first.at);
  const leftMs = perMs > 0 ? last.freeBytes / perMs : Number.POSITIVE_INFINITY;
  return leftMs < furthestMs ? last.at + leftMs : null;
}

type Parts = Pick<Capacity, 'disk' | 'memory'>;
const severity: Record<Level, number> = { ok: 0, unknown: 1, degraded: 2, down: 3 };

/** The worse of disk and memory; where one is not known, what the other says holds only if it is bad. */
export function judgeCapacity({ disk, memory }: Parts): Pick<Capacity, 'level' | 'sentence'> {
  const level = severity[memory.level] > severity[disk.level] ? memory.level : disk.level;
  const diskText =
    disk.freeBytes === null || disk.totalBytes === null
      ? `Free disk is not known: ${disk.why ?? 'nobody has looked yet'}.`
      : `${sayBytes(disk.freeBytes)} of ${sayBytes(disk.totalBytes)} disk are free.`;
  const memoryText =
    memory.availableBytes === null || memory.totalBytes === null
      ? ''
      : ` ${sayBytes(memory.availableBytes)} of ${sayBytes(memory.totalBytes)} memory are free.`;
  return { level, sentence: `${diskText}${memoryText}` };
}

/** In powers of 1024, as the console's own figures are. */
export function sayBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
