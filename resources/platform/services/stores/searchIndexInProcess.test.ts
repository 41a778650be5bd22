import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allowSlips, countSlips } from './searchIndexInProcess.ts';

test.each([
  ['kettle', 'kettle', 0],
  ['ketle', 'kettle', 1],
  ['kettel', 'kettle', 1],
  ['kattlle', 'kettle', 2],
  ['ca', 'abc', 3],
  ['', 'ab', 2],
])('%j is %s away from it by %i', (from, to, slips) => {
  expect(countSlips(from, to)).toBe(slips);
});

test.each([
  ['tv', 0],
  ['tent', 1],
  ['shoes', 1],
  ['kettle', 2],
])('%s may have %i slips', (word, allowed) => {
  expect(allowSlips(word)).toBe(allowed);
});

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

test('the way back is as long, and only the same word is no way at all', () => {
  fc.assert(
    fc.property(word, word, (one, other) => {
      expect(countSlips(one, other)).toBe(countSlips(other, one));
      expect(countSlips(one, other) === 0).toBe(one === other);
    }),
  );
});

test('as many changes as were made are enough', () => {
  const change = fc.record({ at: fc.nat(), letter: fc.constantFrom('a', 'b', 'c'), insert: fc.boolean() });
  fc.assert(
    fc.property(word, fc.array(change, { maxLength: 2 }), (original, changes) => {
      const changed = changes.reduce((text, { at, letter, insert }) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + letter + text.slice(insert ? index : index + 1);
      }, original);
      expect(countSlips(original, changed)).toBeLessThanOrEqual(changes.length);
    }),
  );
});
