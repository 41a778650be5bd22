import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { createHistory } from './history.ts';
import { createJournal } from './journal.ts';
import { findUnwatched, listWatches } from './watches.ts';

const span = { from: 0, until: 100 };

test.each<[string, [number, number][], [number, number][]]>([
  ['nobody watched', [], [[0, 100]]],
  ['all of it was watched', [[-5, 120]], []],
  [
    'in the middle',
    [[40, 60]],
    [
      [60, 100],
      [0, 40],
    ],
  ],
  [
    'two that overlap',
    [
      [0, 50],
      [30, 100],
    ],
    [],
  ],
  [
    'one inside of another',
    [
      [0, 90],
      [10, 20],
    ],
    [[90, 100]],
  ],
  [
    'a short pause is none',
    [
      [0, 50],
      [55, 100],
    ],
    [],
  ],
])('%s', (_, watches, gaps) => {
  const found = findUnwatched(
    span,
    watches.map(([from, until]) => ({ from, until })),
    9,
  );
  expect(found.map(({ from, until }) => [from, until])).toEqual(gaps);
});

test('no moment of a gap was watched, and every long unwatched stretch is in one', () => {
  const moment = fc.integer({ min: -20, max: 120 });
  fc.assert(
    fc.property(fc.array(fc.tuple(moment, moment)), (pairs) => {
      const watches = pairs.map(([a, b]) => ({ from: Math.min(a, b), until: Math.max(a, b) }));
      const gaps = findUnwatched(span, watches, 0);
      for (let at = 0.5; at < 100; at += 1) {
        const isWatched = watches.some(({ from, until }) => from < at && at < until);
        const isInGap = gaps.some(({ from, until }) => from < at && at < until);
        if (isWatched === isInGap) return false;
      }
      return true;
    }),
  );
});

test('a journal watches in one span until it loses sight, and in another place in another', () => {
  let [now, place] = [1000, 'a'];
  const history = createHistory({ folder: temporaryFolder(), now: () => now });
  onTestFinished(() => history.close());
  const journal = createJournal(
    history,
    () => place,
    () => now,
  );
  journal.confirmWatched();
  now = 2000;
  journal.confirmWatched();
  journal.loseSight();
  now = 5000;
  journal.confirmWatched();
  place = 'b';
  journal.confirmWatched();
  const all = { from: 0, until: 9000 };
  expect(listWatches(history, 'a', all)).toEqual([
    { from: 1000, until: 2000 },
    { from: 5000, until: 5000 },
  ]);
  expect(listWatches(history, 'b', all)).toEqual([{ from: 5000, until: 5000 }]);
});
