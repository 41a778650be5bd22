// Lines of many containers as they come: each is held for a moment, so that one that is a little late gets its right place.
import type { LogLine } from '../../contract/index.ts';
import { byStamp, type LineLimits, weighLine } from './newestLines.ts';

export interface MergeWindow {
  push(line: LogLine, now: number): void;
  /** What was held long enough, by time; and how many lines were dropped since the last call, the oldest of what waited. */
  take(now: number): { lines: LogLine[]; skipped: number };
  /** Ms until there is something to take; undefined: nothing waits. */
  dueIn(now: number): number | undefined;
}

interface Held {
  line: LogLine;
  stamp: string;
  at: number;
}

/**
 * A line that comes at most `holdMs` after a later one stands before it. One that comes later still is given on with
 * `late`, where it came. Each line is given once.
 */
export function createMergeWindow(holdMs: number, limits: LineLimits): MergeWindow {
  /** In the order in which they came. */
  let held: Held[] = [];
  let first = 0;
  let bytes = 0;
  let skipped = 0;
  let newestGiven = '';

  const dropOldest = () => {
    const dropped = held[first];
    if (!dropped) return;
    bytes -= weighLine(dropped.line);
    first += 1;
    skipped += 1;
    if (first > 1024 && first * 2 > held.length) {
      held = held.slice(first);
      first = 0;
    }
  };

  return {
    push(line, now) {
      held.push({ line, stamp: line.stamp, at: now });
      bytes += weighLine(line);
      while (held.length - first > limits.lines || (bytes > limits.bytes && held.length - first > 1)) dropOldest();
    },
    take(now) {
      const waiting = held.slice(first);
      const due = waiting.filter(({ at }) => at <= now - holdMs);
      const until = due.reduce((newest, { stamp }) => (stamp > newest ? stamp : newest), '');
      // With a line that is due go all that belong before it.
      const taken = due.length === 0 ? [] : waiting.filter(({ at, stamp }) => at <= now - holdMs || stamp <= until);
      if (taken.length > 0) {
        const gone = new Set(taken);
        held = waiting.filter((one) => !gone.has(one));
        first = 0;
      }
      const lines = taken.toSorted(byStamp).map(({ line }) => {
        bytes -= weighLine(line);
        const isLate = line.stamp < newestGiven;
        if (!isLate) newestGiven = line.stamp;
        return isLate ? { ...line, late: true } : line;
      });
      const dropped = skipped;
      skipped = 0;
      return { lines, skipped: dropped };
    },
    dueIn: (now) => {
      const oldest = held[first];
      return oldest === undefined ? (skipped > 0 ? 0 : undefined) : Math.max(0, oldest.at + holdMs - now);
    },
  };
}
