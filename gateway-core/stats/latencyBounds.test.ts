import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findBucket, latencyBoundsMs } from './latencyBounds.ts';

test('bounds go from 0.1 ms to 60 s in steps of about 1.25', () => {
  expect(latencyBoundsMs[0]).toBe(0.1);
  expect(latencyBoundsMs.at(-1)).toBe(60_000);
  latencyBoundsMs.slice(1).forEach((bound, index) => {
    const step = bound / (latencyBoundsMs[index] ?? 0);
    expect(step).toBeGreaterThan(1);
    expect(step).toBeLessThan(1.26);
  });
});

test('a value is in the first bucket whose bound is not below it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 100_000, noNaN: true }), (value) => {
      const expected = latencyBoundsMs.findIndex((bound) => value <= bound);
      expect(findBucket(value)).toBe(expected < 0 ? latencyBoundsMs.length : expected);
    }),
  );
});
