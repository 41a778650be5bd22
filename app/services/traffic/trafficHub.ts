// The traffic of one environment: one reader of the gateway's taps, a bounded ring, and a queue a viewer.
import type { Exchange, TrafficBatch } from '../../contract/index.ts';
import type { TapEvent, TapStats } from '../gateway/adminClient.ts';
import { batches, createBoundedQueue } from '../stream/boundedQueue.ts';
import { createSequence } from './sequence.ts';

export interface TrafficHub {
  /** The kept exchanges, at most `backfill`, then what passes; a slow viewer loses the oldest, counted. */
  watch(backfill: number, signal: AbortSignal): AsyncGenerator<TrafficBatch>;
  readonly viewerCount: number;
  close(): void;
}

const ringSize = 4000;
const viewerQueue = 2000;
const batchEveryMs = 100;

export function createTrafficHub(source: { onTap(listener: (event: TapEvent) => void): () => void }): TrafficHub {
  let ring: Exchange[] = [];
  const viewers = new Set<{ push(exchange: Exchange): void; skip(count: number): void }>();
  const sequence = createSequence(ringSize);
  // Before the first heartbeat the gateway has not said what it keeps.
  let stats: TapStats = { kept: 0, bytes: 0, capacityBytes: 0 };

  const lose = (count: number) => {
    for (const viewer of viewers) viewer.skip(count);
  };

  const stop = source.onTap((event) => {
    if (event.type === 'heartbeat') stats = event.stats;
    else if (event.type === 'lost') lose(event.count);
    else {
      const { isNew, missed } = sequence.take(event.exchange);
      if (missed > 0) lose(missed);
      if (!isNew) return;
      ring.push(event.exchange);
      // Cut now and then rather than shift at every exchange.
      if (ring.length >= ringSize * 1.25) ring = ring.slice(-ringSize);
      for (const viewer of viewers) viewer.push(event.exchange);
    }
  });

  return {
    get viewerCount() {
      return viewers.size;
    },
    async *watch(backfill, signal) {
      const queue = createBoundedQueue<Exchange>(viewerQueue);
      viewers.add(queue);
      const toBatch = (exchanges: Exchange[], lost: number): TrafficBatch => ({
        exchanges,
        lost,
        kept: { exchanges: stats.kept, bytes: stats.bytes, capacityBytes: stats.capacityBytes },
      });
      try {
        // Empty as it may be: the viewer learns that the tap is read.
        yield toBatch(backfill > 0 ? ring.slice(-Math.min(backfill, ringSize)) : [], 0);
        for await (const { items, skipped } of batches(queue, signal, batchEveryMs)) yield toBatch(items, skipped);
      } finally {
        viewers.delete(queue);
      }
    },
    close: stop,
  };
}
