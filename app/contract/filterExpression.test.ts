import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFilterExpression } from './filterExpression.ts';

/** A value is the set of words that hold for it. */
const parse = (text: string) =>
  parseFilterExpression<ReadonlySet<string>>(text, (word) =>
    word.text.startsWith('bad') ? `${word.text} does not count` : (value) => value.has(word.text),
  );

test.each<[string, string[], boolean]>([
  ['', [], true],
  ['a', ['a'], true],
  ['a b', ['a'], false],
  ['a and b', ['a', 'b'], true],
  ['a or b', ['b'], true],
  ['a b or c', ['c'], true],
  ['a b or c', ['a'], false],
  ['a (b or c)', ['a', 'c'], true],
  ['a (b or c)', ['c'], false],
  ['!a', [], true],
  ['!(a or b)', ['b'], false],
  ['!(a or b) c', ['c'], true],
  ['(!a or b)', [], true],
  ['((a))', ['a'], true],
  ['"or"', ['or'], true],
  ['"or"', [], false],
  ['A OR b', ['b'], true],
  ['!(!(a) or b)', ['a'], true],
  ['("a b" or c)', ['a b'], true],
  ['f(x) or a', ['f(x)'], true],
  ['! a', ['b'], true],
])('%j with %j is %j', (text, words, holds) => {
  const { matches, problems } = parse(text);
  expect(problems).toEqual([]);
  expect(matches(new Set(words))).toBe(holds);
});

test.each<[string, string]>([
  ['or a', 'or has nothing on one side; in quotes it is a text'],
  ['a or', 'or has nothing on one side; in quotes it is a text'],
  ['(a', 'a ( is not closed'],
  ['a)', 'a ) closes nothing'],
  ['a bad', 'bad does not count'],
  ['bad or a', 'bad does not count'],
])('%j says what is wrong with it, and what is right still counts', (text, problem) => {
  const { matches, problems, isEmpty } = parse(text);
  expect(problems).toEqual([problem]);
  expect(isEmpty).toBe(false);
  expect([matches(new Set(['a'])), matches(new Set())]).toEqual([true, false]);
});

interface Tree {
  text: string;
  holds: (words: ReadonlySet<string>) => boolean;
}

const names = ['a', 'b', 'c', 'd'];
const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...names).map((name): Tree => ({ text: name, holds: (words) => words.has(name) })),
    fc.tuple(tie('tree'), tie('tree'), fc.constantFrom(' ', ' and ')).map(
      ([one, other, join]): Tree => ({
        text: `(${one.text})${join}(${other.text})`,
        holds: (words) => one.holds(words) && other.holds(words),
      }),
    ),
    fc.tuple(tie('tree'), tie('tree')).map(
      ([one, other]): Tree => ({
        text: `${one.text} or ${other.text}`,
        holds: (words) => one.holds(words) || other.holds(words),
      }),
    ),
    tie('tree').map((one): Tree => ({ text: `!(${one.text})`, holds: (words) => !one.holds(words) })),
  ),
})).tree;

test('an expression means what its tree means', () => {
  fc.assert(
    fc.property(tree, fc.subarray(names), ({ text, holds }, words) => {
      const { matches, problems } = parse(text);
      expect(problems).toEqual([]);
      expect(matches(new Set(words))).toBe(holds(new Set(words)));
    }),
  );
});

test('any text is read, and a deep one ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab ()!"or') }), (text) => void parse(text).matches(new Set())),
  );
  expect(parse('('.repeat(10_000)).problems).toHaveLength(1 + 50);
});
