import { expect, test } from 'vitest';
import type { TimelineEntry } from '../../../app/contract/index.ts';
import { toChartMarks, toMarkLabels } from './chartMarks.ts';

const entry = (at: number, given: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id: `e${at}`,
  at,
  kind: 'breaker',
  level: 'down',
  subject: 'Breaker search',
  text: 'opened',
  operator: null,
  ...given,
});
const range = { from: 1000, to: 9000, stepMs: 1000 };
const marksOf = (entries: TimelineEntry[]) => toChartMarks({ entries, unwatched: [] }, range);

test('marks are those of the range, numbered in the order of time', () => {
  const { marks, left } = marksOf([entry(8000), entry(9001), entry(2000), entry(999)]);
  expect(marks.map(({ number, entry: { at } }) => [number, at])).toEqual([
    [1, 2000],
    [2, 8000],
  ]);
  expect(left).toBe(0);
});

test('lines that lie close together have one label', () => {
  const wide = { ...range, to: 101_000 };
  const { marks } = toChartMarks(
    { entries: [2000, 3000, 4900, 5100, 60_000].map((at) => entry(at)), unwatched: [] },
    wide,
  );
  expect([...toMarkLabels(marks, wide).values()]).toEqual(['1–3', '', '', '4', '5']);
});

test('operators are marked for what they changed, not for what they looked at', () => {
  const did = (subject: string, at: number) => entry(at, { kind: 'operator', subject });
  const { marks } = marksOf([did('stack.up', 3000), did('stack.inspect', 4000), did('traffic.detail', 5000)]);
  expect(marks.map(({ entry: { subject } }) => subject)).toEqual(['stack.up']);
});

test('of many the newest are drawn and the others counted', () => {
  const { marks, left } = marksOf(Array.from({ length: 20 }, (_, index) => entry(1000 + index)));
  expect([marks.length, marks[0]?.entry.at, left]).toEqual([12, 1008, 8]);
});

test('time in which no console watched is told, as far as it is in the range', () => {
  const unwatched = [
    { from: 8000, until: 12_000 },
    { from: 3000, until: 4000 },
    { from: 0, until: 1000 },
  ];
  expect(toChartMarks({ entries: [], unwatched }, range).unwatched.map(({ from }) => from)).toEqual([3000, 8000]);
});
