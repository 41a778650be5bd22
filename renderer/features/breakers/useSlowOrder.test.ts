import { describe, expect, it } from 'vitest';
import { keepOrder } from './useSlowOrder.ts';

describe('keepOrder', () => {
  it.each([
    [
      ['a', 'b', 'c'],
      ['c', 'a', 'b'],
      ['c', 'a', 'b'],
    ],
    [
      ['a', 'b', 'new'],
      ['b', 'gone', 'a'],
      ['b', 'a', 'new'],
    ],
    [['a', 'b'], [], ['a', 'b']],
  ])('%j in the order %j', (items, order, expected) => {
    expect(keepOrder(items, order, (item) => item)).toEqual(expected);
  });
});
