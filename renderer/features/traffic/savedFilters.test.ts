import { describe, expect, it } from 'vitest';
import { parseSavedFilters, withoutSavedFilter, withSavedFilter } from './savedFilters.ts';

describe('parseSavedFilters', () => {
  it.each([
    [null, []],
    ['', []],
    ['{', []],
    ['{"name":"a"}', []],
    ['[{"name":"a","filter":"status:5xx"}]', [{ name: 'a', filter: 'status:5xx' }]],
    ['[null, 3, {"name":"a"}, {"name":"", "filter":"x"}, {"name":3,"filter":"x"}]', []],
    [JSON.stringify([{ name: 'a', filter: 'x'.repeat(501) }]), []],
  ])('%j', (stored, expected) => {
    expect(parseSavedFilters(stored)).toEqual(expected);
  });

  it('keeps at most 30', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ name: `${index}`, filter: 'x' }));
    expect(parseSavedFilters(JSON.stringify(many))).toHaveLength(30);
    expect(withSavedFilter(many.slice(0, 30), { name: 'new', filter: 'y' })).toHaveLength(30);
  });
});

describe('withSavedFilter', () => {
  const saved = [
    { name: 'a', filter: 'x' },
    { name: 'b', filter: 'y' },
  ];
  it('replaces one of the same name', () => {
    expect(withSavedFilter(saved, { name: 'a', filter: 'z' })).toEqual([saved[1], { name: 'a', filter: 'z' }]);
  });
  it('is undone by withoutSavedFilter', () => {
    expect(withoutSavedFilter(saved, 'a')).toEqual([saved[1]]);
  });
});
