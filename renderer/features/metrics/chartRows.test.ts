import { expect, test } from 'vitest';
import { findAt, findLast, toChartRows, toPlacesBySize } from './chartRows.ts';
import { toPolledLive } from './polledLive.ts';
import { strokeOf } from './seriesLook.ts';

const range = { from: 1000, to: 4000, stepMs: 1000 };
const series = { values: [1, null, 3, null] };

test('rows have the values of all series at a moment; where one ends early there is nothing', () => {
  expect(toChartRows([series, { values: [9] }], range)).toEqual([
    { at: 1000, values: [1, 9] },
    { at: 2000, values: [null, null] },
    { at: 3000, values: [3, null] },
    { at: 4000, values: [null, null] },
  ]);
});

test('the last value is the last that is known; under the cursor there may be none', () => {
  expect([findLast(series), findLast({ values: [null] })]).toEqual([3, null]);
  expect([findAt(series, 3000, range), findAt(series, 2000, range), findAt(series, 9000, range)]).toEqual([
    3,
    null,
    null,
  ]);
});

test('series of the same colour differ in their dashes', () => {
  const looks = Array.from({ length: 24 }, (_, place) => JSON.stringify(strokeOf(place)));
  expect(new Set(looks).size).toBe(24);
});

test('where the newest question failed, the answer before is stale, and without one it is a failure', () => {
  const error = new Error('x');
  expect(toPolledLive({ data: undefined, error: null, dataUpdatedAt: 0 }).state).toBe('loading');
  expect(toPolledLive({ data: 7, error: null, dataUpdatedAt: 5 })).toMatchObject({ state: 'live', data: 7, at: 5 });
  expect(toPolledLive({ data: 7, error, dataUpdatedAt: 5 })).toMatchObject({ state: 'stale', data: 7, at: 5 });
  expect(toPolledLive({ data: undefined, error, dataUpdatedAt: 0 })).toMatchObject({ state: 'failed', data: null });
});

test('a legend begins with the largest, and equals keep their order', () => {
  const all = [{ values: [1, null] }, { values: [0, 9] }, { values: [null, 1] }];
  expect(toPlacesBySize(all).map(({ place }) => place)).toEqual([1, 0, 2]);
});
