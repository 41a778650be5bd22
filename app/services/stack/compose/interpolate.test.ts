import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpolate } from './interpolate.ts';

const variables: Readonly<Record<string, string>> = { A: 'one', EMPTY: '', _B1: 'two' };
const lookup = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
const braced = (inner: string) => `\${${inner}}`;
const textOf = (text: string) => interpolate(text, lookup).text;

test.each([
  ['$A', 'one'],
  ['$A$A', 'oneone'],
  ['$_B1-x', 'two-x'],
  [braced('A'), 'one'],
  [braced('NONE:-two'), 'two'],
  [braced('NONE-two'), 'two'],
  [braced('EMPTY:-two'), 'two'],
  [braced('EMPTY-two'), ''],
  [braced('A:+other'), 'other'],
  [braced('EMPTY:+other'), ''],
  [braced('EMPTY+other'), 'other'],
  [braced('NONE:+other'), ''],
  [braced('A:?why'), 'one'],
  [braced('EMPTY?why'), ''],
  [braced('NONE:-http://x:80'), 'http://x:80'],
  [braced(`NONE:-${braced('EMPTY:-$A')}`), 'one'],
  [braced('NONE:-{"a":1}'), '{"a":1}'],
  ['$$A', '$A'],
  ['$$$A', '$one'],
  ['a$', 'a$'],
  ['$1', '$1'],
  ['$__proto__', ''],
])('%s → %s', (text, expected) => {
  expect(textOf(text)).toBe(expected);
});

test('what has neither value nor default is named', () => {
  expect(interpolate(`$NONE ${braced('GONE')} ${braced('HAS:-x')}`, lookup).missing).toEqual(['NONE', 'GONE']);
});

test.each([
  [braced('NONE:?say which'), 'required variable NONE has no value: say which'],
  [braced('NONE?'), 'required variable NONE has no value'],
  [braced('EMPTY:?$A'), 'required variable EMPTY has no value: one'],
  [braced(`A:-${braced('NONE:?x')}`), 'required variable NONE has no value: x'],
  ['$'.concat('{A'), 'braces after a dollar sign that hold no variable; write $$ for a dollar sign'],
  [braced(''), 'braces after a dollar sign that hold no variable; write $$ for a dollar sign'],
  [braced('A!'), 'braces after a dollar sign that hold no variable; write $$ for a dollar sign'],
])('%s is a fault', (text, fault) => {
  expect(interpolate(text, lookup).fault).toBe(fault);
});

test('a text without a dollar sign stays as it is', () => {
  fc.assert(fc.property(fc.string(), (text) => fc.pre(!text.includes('$')) === undefined && textOf(text) === text));
});

test('doubling the dollar signs of any text is undone', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'ab$ {}:-?+1_') }),
      (text) => textOf(text.replaceAll('$', '$$$$')) === text,
    ),
  );
});

test('any text ends, and in bounded time', () => {
  const open = '$'.concat('{NONE:-');
  const deep = open.repeat(10_000);
  expect(interpolate(deep, lookup).fault).toBeDefined();
  expect(interpolate(`${open.repeat(30)}x${'}'.repeat(30)}`, lookup).fault).toBeDefined();
});
