import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toSparkline } from './sparklineShape.ts';

const box = { width: 90, height: 20 };

test('a sample that nobody took is a gap, not a zero', () => {
  const shape = toSparkline([1, 2, null, null, 3, 3], box);
  expect(shape.lines).toHaveLength(2);
  expect(shape.gaps).toEqual([{ x: 18, width: 54 }]);
});

test('a lone sample between gaps is still drawn', () => {
  const [line] = toSparkline([null, 5, null], box).lines;
  expect(line).toMatch(/^M45,2 L46\.5,2$/);
});

test('nothing known draws one gap over the whole width', () => {
  expect(toSparkline([null, null], box)).toEqual({ lines: [], areas: [], gaps: [{ x: 0, width: 90 }] });
  expect(toSparkline([], box)).toEqual({ lines: [], areas: [], gaps: [] });
});

test('whatever the samples, every point lies inside of the box', () => {
  const sample = fc.option(fc.double({ min: -10, max: 1e9, noNaN: true }));
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 100 }), (values) => {
      for (const line of toSparkline(values, box).lines) {
        for (const [, x, y] of line.matchAll(/([-\d.]+),([-\d.]+)/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(box.width);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(box.height);
        }
      }
    }),
  );
});
