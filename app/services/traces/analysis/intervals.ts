// Stretches of time on one axis. Pure.

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** What none of the others covers of a stretch, in order. */
export function toUncovered({ from, to }: Interval, others: readonly Interval[]): Interval[] {
  const free: Interval[] = [];
  let covered = from;
  for (const other of others.toSorted((a, b) => a.from - b.from)) {
    if (other.from >= to) break;
    if (other.from > covered) free.push({ from: covered, to: other.from });
    covered = Math.max(covered, other.to);
  }
  if (covered < to) free.push({ from: covered, to });
  return free;
}

export function sumOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { from, to }) => sum + to - from, 0);
}
