import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DotenvError, parseDotenv, parseRawEnv } from './dotenv.ts';

const outside = (name: string) => (name === 'OUT' ? 'outside' : undefined);
const braced = (inner: string) => `\${${inner}}`;
const parse = (text: string) => parseDotenv(text, outside).variables;

test('comments, quotes, export, spaces and line ends', () => {
  const text = '# comment\nA=1\nexport B="two words"\nC=\'x\'\r\nD=a # note\nE=\n\n  F  =  y  \nG: yaml\n';
  expect(parse(text)).toEqual({ A: '1', B: 'two words', C: 'x', D: 'a', E: '', F: 'y', G: 'yaml' });
});

test.each([
  ['A=$OUT', 'outside'],
  ['A="$OUT"', 'outside'],
  ["A='$OUT'", '$OUT'],
  [`B=b\nA=${braced('B')}${braced('C:-c')}`, 'bc'],
  ['OUT=inside\nA=$OUT', 'outside'],
  ['A="\\$OUT"', '$OUT'],
  ['A=$$OUT', '$OUT'],
  ['A="a\\nb\\tc\\\\d\\"e"', 'a\nb\tc\\d"e'],
  ["A='a\\nb'", 'a\\nb'],
  ["A='it\\'s'", "it's"],
  ['A="first\nsecond"', 'first\nsecond'],
  ['A="\\0101"', 'A'],
  ['A=value#part', 'value#part'],
  ['A="#part" # comment', '#part'],
  ['\uFEFFA=1', '1'],
  ['A=1\nA=2', '2'],
])('%s', (text, expected) => {
  expect(parse(text).A).toBe(expected);
});

test('a name alone takes its value from outside, and is left out when there is none', () => {
  expect(parse('OUT\nNOPE\n')).toEqual({ OUT: 'outside' });
});

test('a variable without a value is empty, and named', () => {
  expect(parseDotenv('A=x$NOPE', outside)).toEqual({ variables: { A: 'x' }, missing: ['NOPE'] });
});

test.each([
  ['GOOD=1\nA B=2', 2, 'the variable name "A B" has a space in it'],
  ['A@B=2', 1, '"@" is not allowed in the variable name "A@B"'],
  ['\n\nA="open\nstill', 3, 'the quote " is not closed'],
  ['A="x"y', 1, 'something stands after a closing quote'],
  ['=x', 1, 'a variable without a name'],
  [`A=1\nB=${braced('C:?say it')}`, 2, 'required variable C has no value: say it'],
])('%j is wrong in line %i', (text, line, message) => {
  const error = captured(() => parse(text));
  expect(error).toMatchObject({ line, message });
});

test('no message shows a value', () => {
  for (const text of ['A="hush', 'A="hush"hush', 'A=${hush']) {
    expect(captured(() => parse(text)).message).not.toContain('hush');
  }
});

test('a value in single quotes is taken as it stands', () => {
  const value = fc.string({ unit: fc.constantFrom(...'ab "#$\n=\\{}') }).filter((text) => !text.endsWith('\\'));
  fc.assert(fc.property(value, (text) => parse(`A='${text}'`).A === text));
});

test('the raw form takes everything after the first = as it stands', () => {
  const text = '# comment\nA="x $y" # z\nB=\nOUT\nC=a=b\n';
  expect(parseRawEnv(text, outside).variables).toEqual({ A: '"x $y" # z', B: '', OUT: 'outside', C: 'a=b' });
  expect(captured(() => parseRawEnv('A=1\nB C=2', outside))).toMatchObject({ line: 2 });
});

function captured(run: () => unknown): DotenvError {
  try {
    run();
  } catch (error) {
    if (error instanceof DotenvError) return error;
    throw error;
  }
  throw new Error('it was taken');
}
