import { expect, test } from 'vitest';
import { toEdgeCourse } from './edgePath.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './layoutGraph.ts';

const half = NODE_HEIGHT / 2;
const ends = (path: string) => {
  const numbers = path.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
  return [numbers.slice(0, 2), numbers.slice(-2)];
};

test('to the right: from the right side to the left one', () => {
  const { path, middle } = toEdgeCourse({ x: 0, y: 0 }, { x: 400, y: 100 });
  expect(ends(path)).toEqual([
    [NODE_WIDTH, half],
    [400, 100 + half],
  ]);
  expect(middle).toEqual({ x: (NODE_WIDTH + 400) / 2, y: 50 + half });
});

test('to the left: from the left side to the right one', () => {
  expect(ends(toEdgeCourse({ x: 400, y: 0 }, { x: 0, y: 0 }).path)).toEqual([
    [400, half],
    [NODE_WIDTH, half],
  ]);
});

test('below each other: a bow along the right side, never through what lies between', () => {
  const { path, middle } = toEdgeCourse({ x: 0, y: 0 }, { x: 0, y: 150 });
  expect(ends(path)).toEqual([
    [NODE_WIDTH, half],
    [NODE_WIDTH, 150 + half],
  ]);
  expect(middle.x).toBeGreaterThan(NODE_WIDTH + 5);
});

test('trouble is marked nearer to the target', () => {
  const { middle, near } = toEdgeCourse({ x: 0, y: 0 }, { x: 600, y: 0 });
  expect(near.x).toBeGreaterThan(middle.x);
  expect(near.x).toBeLessThan(600);
});
