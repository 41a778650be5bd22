import { describe, expect, it } from 'vitest';
import { withSearch } from './useViewSearch.ts';

describe('withSearch', () => {
  it.each([
    [{}, { filter: 'a' }, { filter: 'a' }],
    [{ filter: 'a', exchange: 'x' }, { filter: 'b' }, { filter: 'b', exchange: 'x' }],
    [{ filter: 'a', exchange: 'x' }, { exchange: null }, { filter: 'a' }],
    [{ filter: 'a' }, { filter: '' }, {}],
  ])('%j with %j', (before, changes, after) => {
    expect(withSearch(before, changes)).toEqual(after);
  });
});
