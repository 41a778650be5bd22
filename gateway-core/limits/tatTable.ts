// The theoretical arrival times of one policy's keys, bounded in number.

export interface TatTable {
  readonly size: number;
  /** Keys that were given up although they still owed something: each got a whole burst anew. */
  readonly forgotten: number;
  find(key: string): number | undefined;
  set(key: string, tat: number, nowUs: number): void;
  delete(key: string): boolean;
  entries(): Iterable<readonly [key: string, tat: number]>;
}

/**
 * Holds at most `limit` keys, in two generations: what is used is or gets young, and when the young fill half of the
 * limit, the old ones, unused for longest, are given up together and the young become old. So a key stays until at least
 * limit / 2 others were used after it. (One map in order of use would be exact, but V8 walks over the holes that
 * re-insertion leaves at its front: with 100,000 keys, each new one would cost a tenth of a millisecond.)
 */
export function createTatTable(limit: number): TatTable {
  const half = Math.max(1, Math.floor(limit / 2));
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  let forgotten = 0;

  return {
    get size() {
      return young.size + old.size;
    },
    get forgotten() {
      return forgotten;
    },
    find: (key) => young.get(key) ?? old.get(key),
    set(key, tat, nowUs) {
      old.delete(key);
      young.set(key, tat);
      if (young.size < half) return;
      for (const owed of old.values()) if (owed > nowUs) forgotten += 1;
      old = young;
      young = new Map();
    },
    delete: (key) => young.delete(key) || old.delete(key),
    *entries() {
      yield* old;
      yield* young;
    },
  };
}
