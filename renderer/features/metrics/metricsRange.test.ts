import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricsRangeSchema, toPointCount } from '../../../app/contract/index.ts';
import { parseLength, parseUntil, rangeLengths, toRange } from './metricsRange.ts';

test('what the address does not name is 15 minutes', () => {
  expect([parseLength(undefined).name, parseLength('7y').name, parseLength('6h').name]).toEqual(['15m', '15m', '6h']);
});

test.each([undefined, '', 'now', '-1', '12', '1e12', '99999999999999999999'])('%j is no moment to hold', (text) => {
  expect(parseUntil(text)).toBeNull();
});

test('every range is one that the host takes, of the length that was chosen, and still until its next point', () => {
  const now = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2100, 0) });
  fc.assert(
    fc.property(fc.constantFrom(...rangeLengths), now, (length, until) => {
      const range = toRange(length, until);
      expect(metricsRangeSchema.safeParse(range).success).toBe(true);
      expect(range.to).toBeLessThanOrEqual(until);
      expect(until - range.to).toBeLessThan(range.stepMs);
      expect(range.to - range.from).toBeGreaterThanOrEqual(length.ms);
      expect(toPointCount(range)).toBeLessThanOrEqual(260);
      expect(toRange(length, range.to + range.stepMs - 1)).toEqual(range);
    }),
  );
});
