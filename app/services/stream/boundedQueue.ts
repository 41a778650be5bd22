// A queue between a fast source and a viewer: when the viewer is slow, the oldest items go and are counted.
import { createWake, wait } from './wait.ts';

export interface BoundedQueue<T> {
  push(item: T): void;
  /** Counts items that were lost before they came here. */
  skip(count: number): void;
  /** Everything that waits, and how many were skipped since the last call. */
  drain(): { items: T[]; skipped: number };
  /** Ends `batches` after what is still in the queue. */
  end(): void;
  readonly ended: boolean;
  /** Resolves when there is something to drain, at the end, or when the signal is aborted. */
  ready(signal: AbortSignal): Promise<void>;
}

export function createBoundedQueue<T>(capacity: number): BoundedQueue<T> {
  let items: T[] = [];
  // Index of the first item that still counts: dropping from the front stays cheap.
  let head = 0;
  let skipped = 0;
  let ended = false;
  const wake = createWake();
  return {
    get ended() {
      return ended;
    },
    push(item) {
      items.push(item);
      if (items.length - head > capacity) {
        head += 1;
        skipped += 1;
        if (head >= capacity) {
          items = items.slice(head);
          head = 0;
        }
      }
      wake.notify();
    },
    skip(count) {
      skipped += count;
      wake.notify();
    },
    drain() {
      const drained = { items: head === 0 ? items : items.slice(head), skipped };
      items = [];
      head = 0;
      skipped = 0;
      return drained;
    },
    end() {
      ended = true;
      wake.notify();
    },
    async ready(signal) {
      while (!signal.aborted && !ended && items.length === 0 && skipped === 0) await wake.next(signal);
    },
  };
}

/** Yields what has gathered in the queue, at most once every `everyMs`. */
export async function* batches<T>(
  queue: BoundedQueue<T>,
  signal: AbortSignal,
  everyMs: number,
): AsyncGenerator<{ items: T[]; skipped: number }> {
  while (!signal.aborted) {
    await queue.ready(signal);
    if (signal.aborted) return;
    // A moment for a burst to gather: one message of a hundred lines, not a hundred messages.
    await wait(Math.min(everyMs, 20), signal);
    const batch = queue.drain();
    if (batch.items.length > 0 || batch.skipped > 0) yield batch;
    else if (queue.ended) return;
    await wait(everyMs, signal);
  }
}
