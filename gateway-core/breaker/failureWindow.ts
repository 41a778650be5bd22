// Requests, failures and slow answers of the last windowMs, in ten slices: bounded however many requests come.
import type { FailureKind } from './breaker.ts';

const SLICES = 10;

interface Slice {
  /** Number of the slice since the epoch; tells a slice of this turn from one of an earlier turn. */
  turn: number;
  requests: number;
  slow: number;
  failures: Map<FailureKind, number>;
}

export interface FailureWindow {
  record(now: number, failure: FailureKind | undefined, isSlow: boolean): void;
  count(now: number): { requests: number; failures: number; slow: number };
  /** `7 connection refused, 2 timeout`, the most frequent first. */
  describeFailures(now: number): string;
  clear(): void;
}

export function createFailureWindow(windowMs: number): FailureWindow {
  const sliceMs = windowMs / SLICES;
  const slices: Slice[] = Array.from({ length: SLICES }, () => ({
    turn: -1,
    requests: 0,
    slow: 0,
    failures: new Map(),
  }));

  function* current(now: number): Generator<Slice> {
    const turn = Math.floor(now / sliceMs);
    for (const slice of slices) if (slice.turn > turn - SLICES && slice.turn <= turn) yield slice;
  }

  return {
    record(now, failure, isSlow) {
      const turn = Math.floor(now / sliceMs);
      const slice = slices[turn % SLICES];
      if (!slice) return;
      if (slice.turn !== turn) {
        slice.turn = turn;
        slice.requests = 0;
        slice.slow = 0;
        slice.failures.clear();
      }
      slice.requests += 1;
      if (isSlow) slice.slow += 1;
      if (failure) slice.failures.set(failure, (slice.failures.get(failure) ?? 0) + 1);
    },
    count(now) {
      const total = { requests: 0, failures: 0, slow: 0 };
      for (const slice of current(now)) {
        total.requests += slice.requests;
        total.slow += slice.slow;
        for (const count of slice.failures.values()) total.failures += count;
      }
      return total;
    },
    describeFailures(now) {
      const totals = new Map<FailureKind, number>();
      for (const slice of current(now))
        for (const [kind, count] of slice.failures) totals.set(kind, (totals.get(kind) ?? 0) + count);
      return [...totals]
        .sort((a, b) => b[1] - a[1])
        .map(([kind, count]) => `${count} ${kind}`)
        .join(', ');
    },
    clear() {
      for (const slice of slices) slice.turn = -1;
    },
  };
}
