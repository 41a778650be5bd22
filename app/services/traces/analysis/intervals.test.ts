import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sumOf, toUncovered } from './intervals.ts';

test('what is not covered lies between, before and after what is', () => {
  const others = [
    { from: 40, to: 60 },
    { from: 10, to: 20 },
    { from: 50, to: 55 },
  ];
  expect(toUncovered({ from: 0, to: 100 }, others)).toEqual([
    { from: 0, to: 10 },
    { from: 20, to: 40 },
    { from: 60, to: 100 },
  ]);
});

test('it is as long as the moments that none of the others has', () => {
  const interval = fc
    .tuple(fc.nat(60), fc.nat(30))
    .map(([from, length]) => ({ from: from - 10, to: from - 10 + length }));
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), (others) => {
      let free = 0;
      for (let at = 0; at < 40; at += 1) if (!others.some(({ from, to }) => from <= at && at < to)) free += 1;
      expect(sumOf(toUncovered({ from: 0, to: 40 }, others))).toBe(free);
    }),
  );
});
