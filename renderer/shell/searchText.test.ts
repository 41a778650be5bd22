import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from './searchText.ts';

test('filters stay readable in the address', () => {
  expect(stringifySearch({ filter: 'status:5xx route:search', service: undefined })).toBe(
    '?filter=status:5xx+route:search',
  );
});

test('text stays text: no number, no JSON', () => {
  expect(parseSearch('?service=123&flag=true&list=[1]')).toEqual({ service: '123', flag: 'true', list: '[1]' });
});

test('whatever stands in a parameter comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), (value) => {
      // Lone surrogates are not text and cannot stand in an address.
      fc.pre(value.isWellFormed());
      expect(parseSearch(stringifySearch({ value }))).toEqual({ value });
    }),
  );
});
