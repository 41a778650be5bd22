import { expect, test } from 'vitest';
import type { Chart } from '../../../app/contract/index.ts';
import { findPoint, toPointMoment } from './pickedPoint.ts';

const range = { from: 1000, to: 3000, stepMs: 1000 };
const toChart = (given: Partial<Chart>): Chart => ({
  id: 'route-rate',
  group: 'traffic',
  title: 'Requests by route',
  unit: 'perSecond',
  metrics: [],
  source: 'gateway',
  queries: [],
  series: [
    { name: 'orders', values: [1, 9, null] },
    { name: 'search', values: [5, 2, null] },
  ],
  seriesCount: 2,
  reason: null,
  notes: [],
  unwatched: [],
  ...given,
});
const pick = (chart: Chart, at: number, hidden: number[] = []) =>
  findPoint(chart, { at, range, hidden: new Set(hidden) });

test('it is about the highest series that is drawn there, and about none where nothing is known', () => {
  const chart = toChart({});
  expect(pick(chart, 1000)).toMatchObject({ name: 'search', value: 5 });
  expect(pick(chart, 2000)).toMatchObject({ name: 'orders', value: 9 });
  expect(pick(chart, 2000, [0])).toMatchObject({ name: 'search', value: 2 });
  expect(pick(chart, 3000)).toBeUndefined();
});

test.each<[Partial<Chart>, object]>([
  [{ id: 'route-errors' }, { route: 'search', upstream: null, service: null }],
  [{ id: 'upstream-rate' }, { route: null, upstream: 'search', service: 'search' }],
  [
    { id: 'container-cpu', group: 'containers', series: [{ name: 'search 2', values: [1] }] },
    { route: null, upstream: null, service: 'search' },
  ],
  [
    { id: 'redis-memory', group: 'stores' },
    { route: null, upstream: null, service: null },
  ],
])('%o leads to what its series are of', (given, subject) => {
  expect(pick(toChart(given), 1000)?.subject).toEqual({ kind: 'metric', ...subject });
});

test('of a chart of a day the points beside it are in the stretch as well', () => {
  expect(toPointMoment(10_000_000, { from: 0, to: 86_400_000, stepMs: 300_000 })).toEqual({
    at: 10_000_000,
    from: 9_400_000,
    to: 10_600_000,
  });
});
