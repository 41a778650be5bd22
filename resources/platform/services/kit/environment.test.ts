import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findSecret, findWorkers } from './environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'environment-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test.each([
  ['of a variable', { PASSWORD: 'a b' }, 'a b'],
  ['of a file, without the end of its line', { PASSWORD_FILE: file('one', 'a b\n') }, 'a b'],
  ['of a file of another system', { PASSWORD_FILE: file('two', ' a\r\n') }, ' a'],
  ['said by nobody', {}, undefined],
  ['said to be nothing', { PASSWORD: '', PASSWORD_FILE: '' }, undefined],
])('a secret %s', (_, environment, expected) => {
  expect(findSecret(environment, 'PASSWORD')).toBe(expected);
});

test.each([
  ['said twice', { PASSWORD: 'a', PASSWORD_FILE: file('three', 'b') }, 'PASSWORD and PASSWORD_FILE are both set'],
  ['of a file that is not there', { PASSWORD_FILE: join(folder, 'none') }, 'cannot be read (ENOENT)'],
  ['of an empty file', { PASSWORD_FILE: file('four', '\n') }, 'which is empty'],
])('a secret %s is refused, and not shown', (_, environment, message) => {
  expect(() => findSecret(environment, 'PASSWORD')).toThrow(message);
});

test.each([
  [undefined, 4],
  ['', 4],
  ['8', 8],
])('WORKERS=%s takes on %i at once', (text, expected) => {
  expect(findWorkers({ WORKERS: text })).toBe(expected);
});

test.each(['0', '65', '1.5', 'many'])('WORKERS=%s is refused', (text) => {
  expect(() => findWorkers({ WORKERS: text })).toThrow('a whole number from 1 to 64');
});
