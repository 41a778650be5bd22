import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextOrder, sortRows } from './sortRows.ts';

const numbers = [3, null, 1, 2, null, 1];

test('unknown values stay last in both directions', () => {
  expect(sortRows(numbers, (value) => value, 'ascending')).toEqual([1, 1, 2, 3, null, null]);
  expect(sortRows(numbers, (value) => value, 'descending')).toEqual([3, 2, 1, 1, null, null]);
});

test('names with numbers are ordered as people count', () => {
  expect(sortRows(['replica-10', 'replica-2'], (name) => name, 'ascending')).toEqual(['replica-2', 'replica-10']);
});

test('equal rows keep their order, and none is lost', () => {
  const row = fc.record({ value: fc.option(fc.integer({ min: 0, max: 3 })), place: fc.integer() });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const sorted = sortRows(rows, (entry) => entry.value, 'descending');
      expect(sorted).toHaveLength(rows.length);
      for (const value of [0, 1, 2, 3, null]) {
        expect(sorted.filter((entry) => entry.value === value)).toEqual(rows.filter((entry) => entry.value === value));
      }
    }),
  );
});

test('without a value to sort by the given order stays', () => {
  expect(sortRows([2, 1], undefined, 'ascending')).toEqual([2, 1]);
});

test('the third press of a header gives the given order back', () => {
  const first = nextOrder(null, 'rate', 'descending');
  const second = nextOrder(first, 'rate', 'descending');
  expect([first, second, nextOrder(second, 'rate', 'descending')]).toEqual([
    { column: 'rate', direction: 'descending' },
    { column: 'rate', direction: 'ascending' },
    null,
  ]);
});
