// A cache that may be away: answers then come from where they always come from, only slower, and the state says so.
// Entries carry tags; to invalidate a tag is to give it another mark, which no entry that was made before has.
import { randomUUID } from 'node:crypto';
import type { StoreState } from './storeState.ts';

export interface CacheEntry {
  key: string;
  tags: readonly string[];
  /** After this an entry is gone, even one whose invalidation was lost. */
  ttlSeconds: number;
}

export type CacheResult = 'hit' | 'miss' | 'away';

export interface Cache {
  /** For people. */
  readonly described: string;
  readonly isAway: boolean;
  /** The kept value, or what `produce` gives, which is then kept. Nothing here rejects but `produce`. */
  remember<Value>(entry: CacheEntry, produce: () => Promise<Value>): Promise<Value>;
  /** Nothing that was kept with one of the tags is given from now on; while the cache is away, as soon as it is back. */
  invalidate(tags: readonly string[]): Promise<void>;
  forget(key: string): Promise<void>;
  /** Finds out whether it can be asked, for isAway. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** Where a cache keeps its texts. Each rejects when it cannot be asked. */
export interface Shelf {
  /** undefined in the place of a key that is not there. */
  read(keys: readonly string[]): Promise<(string | undefined)[]>;
  write(key: string, text: string, ttlSeconds: number): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Longer than any entry lives: a mark that was forgotten earlier would let old entries count again. */
const MARK_TTL_SECONDS = 24 * 3_600;
const LONGEST_TTL_SECONDS = 3_600;
/** Invalidations that could not be told; beyond this, more than one entry's life has passed anyway. */
const UNTOLD_LIMIT = 10_000;
/** After a failure it is not asked for so long: each question could wait until its timeout. */
const PAUSE_MS = 1_000;

interface CacheOptions {
  shelf: Shelf;
  state: StoreState;
  described: string;
  report(result: CacheResult): void;
  close(): Promise<void>;
  now?: () => number;
}

export function createCache({ shelf, state, described, report, close, now = Date.now }: CacheOptions): Cache {
  const untold = new Set<string>();
  /** Several who miss the same at once are answered by one. */
  const producing = new Map<string, Promise<unknown>>();
  let pausedUntil = 0;

  /** undefined when it cannot be asked. */
  async function ask<Value>(work: () => Promise<Value>): Promise<{ value: Value } | undefined> {
    if (now() < pausedUntil) return undefined;
    try {
      // What was invalidated while it was away comes first: nothing old may be given.
      if (untold.size > 0) await tell([...untold]);
      const value = await work();
      state.back();
      return { value };
    } catch (error) {
      pausedUntil = now() + PAUSE_MS;
      state.away(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  async function tell(tags: readonly string[]): Promise<void> {
    await Promise.all(tags.map((tag) => shelf.write(toMarkKey(tag), randomUUID(), MARK_TTL_SECONDS)));
    for (const tag of tags) untold.delete(tag);
  }

  async function produceOnce<Value>(key: string, produce: () => Promise<Value>): Promise<Value> {
    const under = producing.get(key);
    if (under !== undefined) return under as Promise<Value>;
    const produced = produce().finally(() => producing.delete(key));
    producing.set(key, produced);
    return produced;
  }

  return {
    described,
    get isAway() {
      return state.isAway;
    },
    async remember(entry, produce) {
      const read = await ask(() => shelf.read([entry.key, ...entry.tags.map(toMarkKey)]));
      if (read === undefined) {
        report('away');
        return produce();
      }
      const [text, ...marks] = read.value;
      // The marks of before: what is invalidated while it is being produced is not given afterwards.
      const mark = marks.map((mark) => mark ?? '').join(' ');
      const kept = text === undefined ? undefined : readKept(text, mark);
      report(kept === undefined ? 'miss' : 'hit');
      if (kept !== undefined) return kept.value as Awaited<ReturnType<typeof produce>>;
      const value = await produceOnce(`${entry.key} ${mark}`, produce);
      const ttlSeconds = Math.min(entry.ttlSeconds, LONGEST_TTL_SECONDS);
      await ask(() => shelf.write(entry.key, JSON.stringify({ mark, value }), ttlSeconds));
      return value;
    },
    async invalidate(tags) {
      for (const tag of tags) if (untold.size < UNTOLD_LIMIT) untold.add(tag);
      await ask(async () => {});
    },
    async forget(key) {
      await ask(() => shelf.remove(key));
    },
    async probe() {
      await ask(() => shelf.read(['probe']));
    },
    close,
  };
}

function toMarkKey(tag: string): string {
  return `mark:${tag}`;
}

/** undefined when it was made before one of its tags got another mark, or is nothing of ours. */
function readKept(text: string, mark: string): { value: unknown } | undefined {
  try {
    const kept = JSON.parse(text) as { mark?: unknown; value?: unknown };
    return kept.mark === mark ? { value: kept.value } : undefined;
  } catch {
    return undefined;
  }
}
