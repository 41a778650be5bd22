import { expect, test } from 'vitest';
import { findNeighbour, toReadingOrder } from './neighbours.ts';

/** Two columns, and one far to the right and below. */
const places = new Map([
  ['a', { x: 0, y: 0 }],
  ['b', { x: 0, y: 50 }],
  ['c', { x: 0, y: 100 }],
  ['d', { x: 200, y: 10 }],
  ['e', { x: 200, y: 60 }],
  ['f', { x: 500, y: 400 }],
]);

test.each([
  ['a', 'down', 'b'],
  ['b', 'up', 'a'],
  ['a', 'up', null],
  ['a', 'right', 'd'],
  ['c', 'right', 'e'],
  ['e', 'left', 'b'],
  ['d', 'down', 'e'],
  ['e', 'right', 'f'],
  ['f', 'left', 'e'],
  ['f', 'right', null],
  ['gone', 'right', null],
] as const)('from %s %s is %s', (from, direction, to) => {
  expect(findNeighbour(places, from, direction)).toBe(to);
});

test('read box by box, each column from the top', () => {
  const left = { x: 0, y: 0 };
  const below = { x: 0, y: 300 };
  const boxOf = (name: string) => (['d', 'e'].includes(name) ? below : left);
  expect(toReadingOrder(['e', 'd', 'c', 'f', 'b', 'a'], places, boxOf)).toEqual(['a', 'b', 'c', 'f', 'd', 'e']);
});
