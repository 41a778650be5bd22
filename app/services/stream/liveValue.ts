// A value that others may follow: subscriptions give the current one at once and then the newest, never a backlog.
import { createWake, wait } from './wait.ts';

export interface LiveValue<T> {
  readonly current: T;
  /** Called after each change; the returned function stops it. */
  onChange(listener: (value: T) => void): () => void;
}

export interface WritableLiveValue<T> extends LiveValue<T> {
  /** Tells the listeners, unless the value is the same as before. */
  set(value: T): void;
  /** How many listen, so that tests can see that nobody was forgotten. */
  readonly listenerCount: number;
}

/** `isSame` decides what is no change; by default identity. */
export function createLiveValue<T>(initial: T, isSame: (a: T, b: T) => boolean = Object.is): WritableLiveValue<T> {
  let current = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get current() {
      return current;
    },
    get listenerCount() {
      return listeners.size;
    },
    onChange(listener) {
      // A wrapper of its own, so that the same function can listen twice and stop once.
      const entry = (value: T) => listener(value);
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    set(value) {
      if (isSame(current, value)) return;
      current = value;
      for (const listener of [...listeners]) listener(value);
    },
  };
}

/** Equality of plain data by its JSON; right for small values that cross to a UI anyway. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Yields the current value, then every later one. A slow reader gets the newest, not all of them.
 * `undefined` means "not known yet" and is not yielded.
 */
export async function* follow<T>(
  live: LiveValue<T>,
  signal: AbortSignal,
  options: { minIntervalMs?: number } = {},
): AsyncGenerator<Exclude<T, undefined>> {
  const wake = createWake();
  const stop = live.onChange(() => wake.notify());
  try {
    wake.notify();
    while (!signal.aborted) {
      await wake.next(signal);
      if (signal.aborted) return;
      const value = live.current;
      if (value === undefined) continue;
      yield value as Exclude<T, undefined>;
      if (options.minIntervalMs) await wait(options.minIntervalMs, signal);
    }
  } finally {
    stop();
  }
}
