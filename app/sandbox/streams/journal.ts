// A list that forgets its oldest entries when it is over its size in bytes. Readers hold a position and pull, so that
// a slow reader costs nothing: it skips what was forgotten meanwhile.

export interface Journal<Entry> {
  append(entry: Entry, bytes: number): void;
  /** Entries from `position` on, at most `limit`, and the position after them. */
  read(position: number, limit?: number): { entries: Entry[]; next: number };
  readonly end: number;
  readonly bytes: number;
  /** Resolves at the next append or wake. */
  changed(signal: AbortSignal): Promise<void>;
  /** Lets waiting readers look again, for example because the container has ended. */
  wake(): void;
}

export function createJournal<Entry>(capacityBytes: number): Journal<Entry> {
  let kept: { entry: Entry; bytes: number }[] = [];
  /** Entries of `kept` before this index are forgotten; the array is cut when half of it is. */
  let head = 0;
  let first = 0;
  let size = 0;
  const waiting = new Set<() => void>();

  function wake(): void {
    const woken = [...waiting];
    waiting.clear();
    for (const resolve of woken) resolve();
  }

  return {
    append(entry, bytes) {
      kept.push({ entry, bytes });
      size += bytes;
      while (size > capacityBytes && head < kept.length) {
        size -= kept[head]?.bytes ?? 0;
        head += 1;
        first += 1;
      }
      if (head > 64 && head * 2 > kept.length) {
        kept = kept.slice(head);
        head = 0;
      }
      wake();
    },
    read(position, limit = Number.POSITIVE_INFINITY) {
      const from = Math.max(position, first);
      const start = head + from - first;
      const entries = kept.slice(start, Number.isFinite(limit) ? start + limit : undefined).map(({ entry }) => entry);
      return { entries, next: from + entries.length };
    },
    get end() {
      return first + kept.length - head;
    },
    get bytes() {
      return size;
    },
    changed(signal) {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const done = () => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done, { once: true });
      });
    },
    wake,
  };
}

const BATCH = 200;

/** Entries from `position` on; at the end it waits for more as long as `isLive` says so. Ends with `signal`. */
export async function* follow<Entry>(
  journal: Journal<Entry>,
  position: number,
  options: { isLive: () => boolean; signal: AbortSignal },
): AsyncGenerator<Entry> {
  let at = position;
  while (!options.signal.aborted) {
    // Asked before reading: what was written before the end must still be read.
    const live = options.isLive();
    const { entries, next } = journal.read(at, BATCH);
    at = next;
    if (entries.length > 0) {
      yield* entries;
      continue;
    }
    if (!live) return;
    // Nothing is awaited between the look and this wait, so no append is missed.
    await journal.changed(options.signal);
  }
}
