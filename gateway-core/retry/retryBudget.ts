// The most retries that an upstream gets: a share of its traffic, so that retries cannot multiply an overload.
import type { RetryBudgetPolicy } from './retrySection.ts';

/** Long enough that a burst of failures finds what the traffic before it has earned. */
const WINDOW_MS = 10_000;
const SLICES = 10;
const SLICE_MS = WINDOW_MS / SLICES;

export interface RetryBudget {
  /** A first try. */
  noteRequest(now: number): void;
  /** Takes one retry; false when the budget is used up. */
  takeRetry(now: number): boolean;
  /** Retries that would be granted at this moment. */
  remaining(now: number): number;
  configure(policy: RetryBudgetPolicy): void;
}

/**
 * Within the last ten slices of a second, retries never exceed share × requests + floorPerSecond × 10.
 * Times are those of a clock that does not step back.
 */
export function createRetryBudget(initial: RetryBudgetPolicy): RetryBudget {
  let policy = initial;
  let turn = 0;
  let requests = 0;
  let retries = 0;
  const requestsBySlice = new Array<number>(SLICES).fill(0);
  const retriesBySlice = new Array<number>(SLICES).fill(0);

  /** Forgets the slices that have gone out of the window. */
  function moveTo(now: number): number {
    const current = Math.floor(now / SLICE_MS);
    for (let stale = Math.max(turn + 1, current - SLICES + 1); stale <= current; stale++) {
      const slot = stale % SLICES;
      requests -= requestsBySlice[slot] ?? 0;
      retries -= retriesBySlice[slot] ?? 0;
      requestsBySlice[slot] = 0;
      retriesBySlice[slot] = 0;
    }
    turn = Math.max(turn, current);
    return turn % SLICES;
  }

  function remaining(now: number): number {
    moveTo(now);
    const allowed = policy.share * requests + (policy.floorPerSecond * WINDOW_MS) / 1000;
    return Math.max(0, Math.floor(allowed) - retries);
  }

  return {
    noteRequest(now) {
      const slot = moveTo(now);
      requestsBySlice[slot] = (requestsBySlice[slot] ?? 0) + 1;
      requests += 1;
    },
    takeRetry(now) {
      if (remaining(now) === 0) return false;
      const slot = turn % SLICES;
      retriesBySlice[slot] = (retriesBySlice[slot] ?? 0) + 1;
      retries += 1;
      return true;
    },
    remaining,
    configure(next) {
      policy = next;
    },
  };
}
