// How many requests an upstream has at a time; the others wait in a bounded queue, first come, first served.
import type { ConcurrencyPolicy } from './upstreamSection.ts';

/** Why a request that waited did not get a place. */
export type PlaceRefusal = 'timeout' | 'flushed';

interface Waiting {
  readonly since: number;
  /** Called once, unless it was cancelled: with a place, or with the reason why there is none. */
  readonly onTurn: (refusal: PlaceRefusal | null) => void;
}

export interface Places {
  readonly inFlight: number;
  readonly queued: number;
  /** Takes a place when one is free and nobody waits for it; true when it did. Every place taken is to be left. */
  enter(): boolean;
  /** Waits for a place; undefined when the queue is full. The function that is returned leaves the queue. */
  wait(onTurn: Waiting['onTurn']): (() => void) | undefined;
  leave(): void;
  /** Sends everybody who waits away. */
  flush(): void;
  configure(policy: ConcurrencyPolicy): void;
}

/** `now` is in ms and does not step back. Holds no timer while nobody waits. */
export function createPlaces(initial: ConcurrencyPolicy, now: () => number = () => performance.now()): Places {
  let policy = initial;
  let inFlight = 0;
  // In the order in which they came: all wait equally long, so the first is the first whose time is over.
  const queue = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;

  function callNext(): void {
    for (const waiting of queue) {
      if (inFlight >= policy.maxInFlight) return;
      queue.delete(waiting);
      inFlight += 1;
      waiting.onTurn(null);
    }
  }

  function watchTime(): void {
    clearTimeout(timer);
    timer = undefined;
    const [first] = queue;
    if (first) timer = setTimeout(sendLateAway, Math.max(1, first.since + policy.maxQueueMs - now()));
  }

  function sendLateAway(): void {
    timer = undefined;
    for (const waiting of queue) {
      if (waiting.since + policy.maxQueueMs > now()) break;
      queue.delete(waiting);
      waiting.onTurn('timeout');
    }
    watchTime();
  }

  return {
    get inFlight() {
      return inFlight;
    },
    get queued() {
      return queue.size;
    },
    enter() {
      if (inFlight >= policy.maxInFlight || queue.size > 0) return false;
      inFlight += 1;
      return true;
    },
    wait(onTurn) {
      if (queue.size >= policy.maxQueued) return undefined;
      const waiting = { since: now(), onTurn };
      queue.add(waiting);
      if (!timer) watchTime();
      return () => {
        queue.delete(waiting);
        if (queue.size === 0) watchTime();
      };
    },
    leave() {
      inFlight -= 1;
      if (queue.size > 0) callNext();
    },
    flush() {
      const waiting = [...queue];
      queue.clear();
      watchTime();
      for (const { onTurn } of waiting) onTurn('flushed');
    },
    configure(next) {
      policy = next;
      callNext();
      watchTime();
    },
  };
}
