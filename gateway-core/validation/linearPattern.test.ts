import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLinearPattern } from './linearPattern.ts';

/** Patterns of every construct that is taken, over a small alphabet, so that texts match often. */
const patterns = fc.letrec<{ choice: string; sequence: string; repeated: string; atom: string }>((tie) => ({
  choice: fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }).map((list) => list.join('|')),
  sequence: fc.array(tie('repeated'), { maxLength: 3 }).map((list) => list.join('')),
  repeated: fc
    .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{0}', '{1,}', '{0,2}', '{1,3}?'))
    // V8 does not take a repeated assertion.
    .map(([atom, quantifier]) => (/^(\^|\$|\\[bB])$/.test(atom) ? atom : atom + quantifier)),
  atom: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(
      'a',
      'b',
      '-',
      '\\n',
      '.',
      '\\d',
      '\\W',
      '[ab]',
      '[^a]',
      '[a\\]\\-]',
      '\\u0061',
      '\\x62',
      '\\.',
      'ü',
      '😀',
      '\\u{1F600}',
      '\\ud83d\\ude00',
      '\\p{L}',
      '[😀-😂]',
      '^',
      '$',
      '\\b',
      '\\B',
    ),
    tie('choice').map((choice) => `(${choice})`),
    tie('choice').map((choice) => `(?:${choice})`),
    tie('choice').map((choice) => `(?<n${Math.abs(hashOf(choice))}>${choice})`),
  ),
})).choice;

/** undefined when two groups have one name. */
function toRegExp(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u');
  } catch {
    return undefined;
  }
}

function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}

const texts = fc.array(fc.constantFrom('a', 'b', 'ab', '-', '1', '\n', ' ', 'ü', '😀', '\ud83d', '.'), {
  maxLength: 5,
});

describe('a linear pattern', () => {
  test('matches what V8 matches', () => {
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 1, maxLength: 5 }), (source, list) => {
        const oracle = toRegExp(source);
        fc.pre(oracle !== undefined);
        const pattern = createLinearPattern(source);
        for (const text of list.map((pieces) => pieces.join('')))
          expect([source, text, pattern.test(text)]).toEqual([source, text, oracle?.test(text)]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('begins a match where V8 begins it, from any place on', () => {
    fc.assert(
      fc.property(patterns, texts, fc.nat(6), fc.boolean(), (source, pieces, from, ignoreCase) => {
        fc.pre(toRegExp(source) !== undefined);
        const text = pieces.join('');
        const start = Math.min(from, text.length);
        fc.pre(!/[\udc00-\udfff]/.test(text.charAt(start)));
        const oracle = new RegExp(source, ignoreCase ? 'giu' : 'gu');
        oracle.lastIndex = start;
        const theirs = oracle.exec(text)?.index;
        // V8 finds an empty match within a surrogate pair, where ECMAScript's search does not look (22.2.7.2).
        fc.pre(theirs === undefined || !/[\udc00-\udfff]/.test(text.charAt(theirs)));
        const found = createLinearPattern(source, { ignoreCase }).locate(text, start);
        expect([source, text, start, found?.start]).toEqual([source, text, start, theirs]);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['a+', 'baaac', [1, 4]],
    ['a|ab', 'xab', [1, 2]],
    ['ab|a', 'xab', [1, 3]],
    ['error|timeout after \\d+ ms', 'a timeout after 30 ms', [2, 21]],
    ['', 'ab', [0, 0]],
    ['c', 'ab', undefined],
  ])('%s in "%s" is at %j', (source, text, place) => {
    const found = createLinearPattern(source).locate(text, 0);
    expect(found && [found.start, found.end]).toEqual(place);
  });

  test('with ignoreCase letters are alike', () => {
    const pattern = createLinearPattern('[a-c]Ü+', { ignoreCase: true });
    expect(pattern.locate('xBüÜ', 0)).toEqual({ start: 1, end: 4 });
    expect(createLinearPattern('[a-c]Ü+').test('xBüÜ')).toBe(false);
  });

  test('has at most the steps it may have', () => {
    expect(() => createLinearPattern('a{101}', { stepLimit: 100 })).toThrow('more than 100 steps');
  });

  test.each<[source: string, matches: string[], misses: string[]]>([
    ['^[A-Z]{2}\\d{6}$', ['AB123456'], ['AB12345', 'ab123456', 'AB1234567', 'xAB123456']],
    ['^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$', ['a@b.example'], ['a@b', '@b.example', 'a b@c.example']],
    ['^(?:\\+|00)[1-9][0-9 ]{6,14}$', ['+49 30 123456', '0049301234'], ['49301234']],
    ['', ['', 'anything'], []],
    ['^$', [''], ['a']],
    ['a|', ['', 'b', 'a'], []],
  ])('%s', (source, matches, misses) => {
    const pattern = createLinearPattern(source);
    expect(matches.filter((text) => !pattern.test(text))).toEqual([]);
    expect(misses.filter((text) => pattern.test(text))).toEqual([]);
  });

  test.each([
    ['^(a+)+$', 'a'],
    ['^(a|a)*$', 'a'],
    ['^(a|aa)+$', 'a'],
    ['^(.*a){12}$', 'a'],
    ['^([a-zA-Z0-9]+\\s?)*$', 'a'],
    ['^a*a*a*a*a*a*$', 'a'],
    ['(x+x+)+y', 'x'],
  ])('%s takes no longer than its length on the text that would keep V8 busy for years', (source, letter) => {
    const pattern = createLinearPattern(source);
    // Exponential or to the sixth power, this would not end within the life of the test.
    expect(pattern.test(`${letter.repeat(20_000)}!`)).toBe(false);
  });

  test.each<[source: string, message: RegExp]>([
    ['(a)\\1', /refers back/],
    ['(?<n>a)\\k<n>', /refers back/],
    ['(?=a)', /has a group "\(\?=a/],
    ['(?!a)b', /has a group/],
    ['(?<=a)b', /has a group/],
    ['(?<!a)b', /has a group/],
    ['a{3000}', /too long/],
    ['(?:a{50}){50}', /too long/],
    ['((a{10}){10}){30}', /too long/],
    [`${'('.repeat(300)}${')'.repeat(300)}`, /groups lie in each other/],
    ['[', /Invalid regular expression/],
    ['a{2,1}', /Invalid regular expression/],
    ['\\@', /Invalid/],
  ])('refuses %s', (source, message) => {
    expect(() => createLinearPattern(source)).toThrow(message);
  });

  test('repetitions of nothing are nothing', () => {
    expect(createLinearPattern('^(?:){999999999}a$').test('a')).toBe(true);
  });
});
