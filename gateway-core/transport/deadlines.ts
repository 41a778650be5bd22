// The deadlines of all running exchanges on one timer, since nearly every one of them is over before it is due.

export interface Due {
  /** performance.now() at which it is due; written by Deadlines alone. */
  dueAt: number;
  onDue(now: number): void;
}

export interface Deadlines {
  /** `at` as performance.now(); Infinity is never. Replaces an earlier deadline of the same. */
  set(due: Due, at: number): void;
  clear(due: Due): void;
}

/** Looking at all of them more often than this would cost more than it gains. */
const LEAST_WAIT_MS = 2;

/** Due ones are told at most some ms late, never early. Its timer holds no process. */
export function createDeadlines(): Deadlines {
  const running = new Set<Due>();
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;

  function wakeAt(at: number, now: number): void {
    clearTimeout(timer);
    wakesAt = at;
    timer = setTimeout(look, Math.max(LEAST_WAIT_MS, Math.ceil(at - now))).unref();
  }

  function look(): void {
    const now = performance.now();
    timer = undefined;
    wakesAt = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const due of running) {
      if (due.dueAt <= now) {
        running.delete(due);
        due.onDue(now);
      } else next = Math.min(next, due.dueAt);
    }
    // What was told may have set new ones meanwhile.
    if (next < wakesAt) wakeAt(next, now);
  }

  return {
    set(due, at) {
      due.dueAt = at;
      if (at === Number.POSITIVE_INFINITY) return void running.delete(due);
      running.add(due);
      if (at < wakesAt) wakeAt(at, performance.now());
    },
    clear(due) {
      // The timer stays: it would be set again with the next exchange, and ends by itself when there is none.
      running.delete(due);
    },
  };
}
