import { expect, test } from 'vitest';
import { createJournal, follow } from './journal.ts';

test('it forgets the oldest entries over its capacity, and a late reader skips them', () => {
  const journal = createJournal<number>(100);
  for (let entry = 0; entry < 1_000; entry += 1) journal.append(entry, 10);
  expect(journal.bytes).toBe(100);
  expect(journal.end).toBe(1_000);
  expect(journal.read(0)).toEqual({ entries: [990, 991, 992, 993, 994, 995, 996, 997, 998, 999], next: 1_000 });
  expect(journal.read(997, 2)).toEqual({ entries: [997, 998], next: 999 });
  expect(journal.read(1_000)).toEqual({ entries: [], next: 1_000 });
});

test('an entry larger than the capacity is not kept', () => {
  const journal = createJournal<string>(100);
  journal.append('small', 10);
  journal.append('huge', 1_000);
  expect(journal.read(0)).toEqual({ entries: [], next: 2 });
  journal.append('next', 10);
  expect(journal.read(0).entries).toEqual(['next']);
});

test('a follower reads what is there, waits for more, and ends when nothing can come any more', async () => {
  const journal = createJournal<number>(1_000);
  let live = true;
  journal.append(1, 10);
  const seen: number[] = [];
  const { signal } = new AbortController();
  for await (const entry of follow(journal, 0, { isLive: () => live, signal })) {
    seen.push(entry);
    if (entry === 1) setImmediate(() => journal.append(2, 10));
    if (entry === 2) {
      setImmediate(() => {
        live = false;
        journal.append(3, 10);
        journal.wake();
      });
    }
  }
  expect(seen).toEqual([1, 2, 3]);
});

test('a follower ends when its client goes', async () => {
  const gone = new AbortController();
  setImmediate(() => gone.abort());
  const entries = follow(createJournal<number>(10), 0, { isLive: () => true, signal: gone.signal });
  expect((await entries.next()).done).toBe(true);
});
