import { expect, test } from 'vitest';
import { interpolate, parseEnvFile } from './interpolate.ts';

const variables = { A: 'one', EMPTY: '' };
const braced = (inner: string) => `\${${inner}}`;

test.each([
  ['$A', 'one'],
  [braced('A'), 'one'],
  [braced('NONE:-two'), 'two'],
  [braced('EMPTY:-two'), 'two'],
  [braced('EMPTY-two'), ''],
  [braced('A:+other'), 'other'],
  [braced('NONE:+other'), ''],
  [braced('NONE:-http://x:80'), 'http://x:80'],
  ['$$A', '$A'],
  ['a$', 'a$'],
  ['$1', '$1'],
  ['$__proto__', ''],
])('%s → %s', (text, expected) => {
  expect(interpolate(text, variables).text).toBe(expected);
});

test('what has neither value nor default is named', () => {
  expect(interpolate(`$NONE ${braced('GONE')} ${braced('HAS:-x')}`, variables).missing).toEqual(['NONE', 'GONE']);
});

test('a .env file', () => {
  const text = '# comment\nA=1\nexport B="two words"\nC=\'x\'\r\nD=a # note\nE=\nno line\n';
  expect(parseEnvFile(text)).toEqual({ A: '1', B: 'two words', C: 'x', D: 'a', E: '' });
});
