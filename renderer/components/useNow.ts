// A clock that all ages and countdowns share, so that a hundred of them cost one timer.
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function getNow(): number {
  // Between two users of the clock it stands still; the first one to come sets it.
  if (timer === undefined && Date.now() - now > 1000) now = Date.now();
  return now;
}

/** Epoch ms, new every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, getNow);
}
