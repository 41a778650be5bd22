import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const question = (nowMs: number) => ({ nowMs, windowMs: 1_000, bytes: 500 });

test('a window in which too few bytes moved is too slow', () => {
  const pace = new Pace();
  expect(pace.isTooSlow(0, question(0))).toBe(false);
  expect(pace.isTooSlow(100, question(999))).toBe(false);
  expect(pace.isTooSlow(499, question(1_000))).toBe(true);
});

test('a lump at the end of a window counts for all of it', () => {
  const pace = new Pace();
  pace.isTooSlow(0, question(0));
  expect(pace.isTooSlow(500, question(1_000))).toBe(false);
  expect(pace.isTooSlow(1_000, question(2_000))).toBe(false);
});

test('what was not waited for is not counted', () => {
  const pace = new Pace();
  pace.isTooSlow(0, question(0));
  pace.isTooSlow(null, question(500));
  expect(pace.isTooSlow(0, question(5_000))).toBe(false);
  expect(pace.isTooSlow(0, question(5_999))).toBe(false);
  expect(pace.isTooSlow(0, question(6_000))).toBe(true);
});

test('who moves as many bytes as asked in every interval between two looks is never too slow, who moves none always is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_500 }), { minLength: 1, maxLength: 50 }), (steps) => {
      const [steady, still] = [new Pace(), new Pace()];
      let now = 0;
      let wasSlow = false;
      steady.isTooSlow(0, question(0));
      still.isTooSlow(0, question(0));
      for (const step of steps) {
        now += step;
        expect(steady.isTooSlow(now / 2, question(now))).toBe(false);
        wasSlow = still.isTooSlow(0, question(now)) || wasSlow;
      }
      expect(wasSlow).toBe(now >= 1_000);
    }),
  );
});
