/** Resolves after `ms`, or at once when the signal is aborted; never rejects and leaves neither timer nor listener. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish);
  });
}

export interface Wake {
  /** Wakes the one who waits, or makes the next wait return at once. */
  notify(): void;
  /** Resolves at the next notification, when the signal is aborted, or after `timeoutMs`. */
  next(signal: AbortSignal, timeoutMs?: number): Promise<void>;
}

/** A doorbell for one waiter: notifications between two waits are remembered as one. */
export function createWake(): Wake {
  let rung = false;
  let waiter: (() => void) | undefined;
  return {
    notify() {
      rung = true;
      waiter?.();
    },
    next(signal, timeoutMs) {
      if (rung || signal.aborted) {
        rung = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          waiter = undefined;
          rung = false;
          resolve();
        };
        const timer = timeoutMs === undefined ? undefined : setTimeout(finish, timeoutMs);
        waiter = finish;
        signal.addEventListener('abort', finish);
      });
    },
  };
}
