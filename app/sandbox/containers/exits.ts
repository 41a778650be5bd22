// Who waits for the end or the removal of a container (POST /containers/{id}/wait).
import type { Container } from './container.ts';
import { isUp } from './state.ts';

export type WaitCondition = 'not-running' | 'next-exit' | 'removed';

export interface Exits {
  /** Resolves with the exit code, or with undefined when `signal` comes first. */
  wait(container: Container, condition: WaitCondition, signal: AbortSignal): Promise<number | undefined>;
  ended(container: Container): void;
  removed(container: Container): void;
}

interface Waiter {
  condition: WaitCondition;
  done(exitCode: number | undefined): void;
}

export function createExits(): Exits {
  const waiting = new WeakMap<Container, Set<Waiter>>();

  function settle(container: Container, fits: (waiter: Waiter) => boolean): void {
    for (const waiter of [...(waiting.get(container) ?? [])]) {
      if (fits(waiter)) waiter.done(container.state.exitCode);
    }
  }

  return {
    wait(container, condition, signal) {
      if (condition === 'not-running' && !isUp(container.state)) return Promise.resolve(container.state.exitCode);
      return new Promise((resolve) => {
        const waiters = waiting.get(container) ?? new Set();
        waiting.set(container, waiters);
        const giveUp = () => waiter.done(undefined);
        const waiter: Waiter = {
          condition,
          done(exitCode) {
            waiters.delete(waiter);
            signal.removeEventListener('abort', giveUp);
            resolve(exitCode);
          },
        };
        waiters.add(waiter);
        signal.addEventListener('abort', giveUp);
        if (signal.aborted) giveUp();
      });
    },
    ended: (container) => settle(container, ({ condition }) => condition !== 'removed'),
    // What is gone will not end any more, so everyone is told.
    removed: (container) => settle(container, () => true),
  };
}
