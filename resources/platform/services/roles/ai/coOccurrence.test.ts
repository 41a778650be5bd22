import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findNeighbours, rankNear } from './coOccurrence.ts';

test('the score is the cosine of the buyers, damped by how many they are', () => {
  // 1 and 2 have three buyers each and two in common: cosine 2/3, damped by 2 / (2 + 2).
  const neighbours = findNeighbours([[1, 2], [1, 2, 3], [1], [2]], 10);
  expect(neighbours.get(1)).toEqual([
    { id: 2, score: expect.closeTo((2 / 3) * (2 / 4)) },
    { id: 3, score: expect.closeTo((1 / Math.sqrt(3)) * (1 / 3)) },
  ]);
});

test('what was only ever bought alone has no neighbours', () => {
  expect(findNeighbours([[1], [2, 3]], 10).has(1)).toBe(false);
});

test('two things bought together by many are nearer than two that one person happened to buy', () => {
  const often = Array.from({ length: 8 }, () => [1, 2]);
  const neighbours = findNeighbours([...often, [1], [1, 3]], 10);
  expect(neighbours.get(1)?.map(({ id }) => id)).toEqual([2, 3]);
});

test('being a neighbour is mutual, with one score, from 0 to 1', () => {
  const basket = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(basket, { maxLength: 20 }), (baskets) => {
      const neighbours = findNeighbours(baskets, 100);
      for (const [item, near] of neighbours) {
        for (const { id, score } of near) {
          expect(id).not.toBe(item);
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThan(1);
          expect(neighbours.get(id)?.find((back) => back.id === item)?.score).toBeCloseTo(score, 12);
        }
      }
    }),
  );
});

test('what somebody has is never near to them, and what is near to two of their things adds up', () => {
  const neighbours = new Map([
    [
      1,
      [
        { id: 3, score: 0.2 },
        { id: 2, score: 0.9 },
      ],
    ],
    [
      2,
      [
        { id: 3, score: 0.2 },
        { id: 4, score: 0.3 },
      ],
    ],
  ]);
  expect(rankNear(neighbours, new Set([1, 2]))).toEqual([
    { id: 3, score: 0.4 },
    { id: 4, score: 0.3 },
  ]);
});
