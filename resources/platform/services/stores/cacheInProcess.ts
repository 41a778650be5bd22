// The cache where no Redis runs: in this process's memory, bounded, with the same life of entries.
import type { Log } from '../kit/log.ts';
import { type Cache, type CacheResult, createCache, type Shelf } from './cache.ts';
import { createStoreState } from './storeState.ts';

/** Pages of products have a few kilobytes each. */
const ENTRIES_KEPT = 1_000;

interface InProcessOptions {
  log: Log;
  report(result: CacheResult): void;
  now?: () => number;
}

export function createInProcessCache({ log, report, now = Date.now }: InProcessOptions): Cache {
  return createCache({
    shelf: createMemoryShelf(now),
    state: createStoreState('cache', log),
    described: 'in this process: no Redis runs',
    report,
    close: async () => {},
    now,
  });
}

function createMemoryShelf(now: () => number): Shelf {
  const entries = new Map<string, { text: string; until: number }>();
  const read = (key: string): string | undefined => {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    entries.delete(key);
    if (now() >= entry.until) return undefined;
    // To the end of the map: the first of it is the one that nobody has asked for longest.
    entries.set(key, entry);
    return entry.text;
  };
  return {
    read: async (keys) => keys.map(read),
    async write(key, text, ttlSeconds) {
      entries.delete(key);
      entries.set(key, { text, until: now() + ttlSeconds * 1_000 });
      const [oldest] = entries.keys();
      if (entries.size > ENTRIES_KEPT && oldest !== undefined) entries.delete(oldest);
    },
    async remove(key) {
      entries.delete(key);
    },
  };
}
