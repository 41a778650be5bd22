import { expect, test } from 'vitest';
import { sampleTrace } from './traceSample.ts';
import {
  findAncestors,
  findParentRow,
  toBar,
  toCriticalBars,
  toServiceColours,
  toTicks,
  toWaterfallRows,
} from './waterfallRows.ts';

const { spans } = sampleTrace;
const rows = (...folded: string[]) =>
  toWaterfallRows(spans, new Set(folded)).map(({ span, hidden }) => [span.id, hidden]);

test('what is below a folded span is not in sight, and is counted', () => {
  expect(rows()).toEqual([
    ['root', 0],
    ['a', 0],
    ['deep', 0],
    ['b', 0],
  ]);
  expect(rows('a')).toEqual([
    ['root', 0],
    ['a', 1],
    ['b', 0],
  ]);
  expect(rows('root')).toEqual([['root', 3]]);
});

test('a span without children cannot be folded', () => {
  expect(rows('b')).toEqual(rows());
});

test('the row of a parent is found above, and so are all that hold a span', () => {
  const all = toWaterfallRows(spans, new Set());
  expect([0, 1, 2, 3].map((index) => findParentRow(all, index))).toEqual([-1, 0, 1, 0]);
  expect(findAncestors(spans, 'deep')).toEqual(['a', 'root']);
  expect(findAncestors(spans, 'nobody')).toEqual([]);
});

test('bars lie within the trace and can be seen', () => {
  expect(toBar(50, 150, 200)).toEqual({ left: 25, width: 50 });
  expect(toBar(200, 200, 200).left + toBar(200, 200, 200).width).toBe(100);
  expect(toBar(0, 0, 0).width).toBeGreaterThan(0);
});

test('the critical path is drawn on the spans that it is of', () => {
  expect([...toCriticalBars(sampleTrace)]).toEqual([
    [0, [{ left: 0, width: 25 }]],
    [2, [{ left: 25, width: 75 }]],
  ]);
});

test.each([
  [200, [0, 50, 100, 150, 200]],
  [0.7, [0, 0.2, 0.4, 0.6]],
  [0, [0]],
])('an axis of %d ms has ticks at %j', (total, ticks) => {
  expect(toTicks(total)).toEqual(ticks);
});

test('a service has one colour, another one another', () => {
  const colours = toServiceColours(sampleTrace);
  expect([colours.get('api-gateway'), colours.get('search')]).toEqual(['var(--series-1)', 'var(--series-2)']);
});
