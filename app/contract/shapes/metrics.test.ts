import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastStepMs, metricsRangeSchema, pointLimit, toPointCount } from './metrics.ts';

const now = 1_700_000_000_000;
const minute = 60_000;

test.each([
  ['a quarter of an hour', { from: now - 15 * minute, to: now, stepMs: 15_000 }],
  ['as many points as Prometheus gives', { from: now - (pointLimit - 1) * 1000, to: now, stepMs: 1000 }],
  ['a step longer than the range', { from: now - minute, to: now, stepMs: 5 * minute }],
])('%s is a range', (_, range) => {
  expect(metricsRangeSchema.parse(range)).toEqual(range);
});

test.each([
  ['backwards', { from: now, to: now - 1, stepMs: 1000 }, 'not after its beginning'],
  ['nothing', { from: now, to: now, stepMs: 1000 }, 'not after its beginning'],
  ['one point too many', { from: now - pointLimit * 1000, to: now, stepMs: 1000 }, 'take a step of 2000 ms or more'],
  ['a year and more', { from: now - 367 * 1440 * minute, to: now, stepMs: 3_600_000 }, 'longer than 366 days'],
  ['half seconds', { from: now - minute, to: now, stepMs: 500 }, '1000'],
  ['no number', { from: Number.NaN, to: now, stepMs: 1000 }, 'NaN'],
  ['before time', { from: -1, to: now, stepMs: 1000 }, '0'],
  ['a fraction', { from: now - minute + 0.5, to: now, stepMs: 1000 }, 'int'],
])('%s is none, and it is said what would be', (_, range, words) => {
  const issues = metricsRangeSchema
    .safeParse(range)
    .error?.issues.map(({ message }) => message)
    .join(' ');
  expect(issues).toContain(words);
});

test('the least step of a length is one that is taken, and a second less is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 366 * 1440 * minute }), (lengthMs) => {
      const range = { from: 0, to: lengthMs, stepMs: leastStepMs(lengthMs) };
      expect(toPointCount(range)).toBeLessThanOrEqual(pointLimit);
      if (range.stepMs > 1000)
        expect(toPointCount({ ...range, stepMs: range.stepMs - 1000 })).toBeGreaterThanOrEqual(pointLimit);
    }),
  );
});
