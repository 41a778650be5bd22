import { describe, expect, it } from 'vitest';
import { ROW_HEIGHT, toRowWindow } from './useRowWindow.ts';

describe('toRowWindow', () => {
  it.each([
    ['nothing', 0, 0, 620, 0, 0],
    ['all of a few', 5, 0, 620, 0, 5],
    ['the first of many', 5000, 0, 620, 0, 26],
    ['the middle', 5000, 100 * ROW_HEIGHT, 620, 94, 126],
    ['the end', 5000, 4980 * ROW_HEIGHT, 620, 4974, 5000],
    ['a table that became shorter than it is scrolled', 3, 100 * ROW_HEIGHT, 620, 3, 3],
  ])('draws %s', (_name, count, scrollTop, height, first, end) => {
    expect(toRowWindow(count, { top: scrollTop, height })).toMatchObject({ first, end });
  });

  it('draws rows of another height', () => {
    expect(toRowWindow(1000, { top: 2100, height: 210 }, 21)).toEqual({
      first: 94,
      end: 116,
      above: 1974,
      below: 18_564,
    });
  });

  it('keeps the height of all rows', () => {
    const { first, end, above, below } = toRowWindow(5000, { top: 3100, height: 620 });
    expect(above + (end - first) * ROW_HEIGHT + below).toBe(5000 * ROW_HEIGHT);
  });
});
