import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../server/log.ts';
import { watchFile } from './watchedFile.ts';

function createFile(content: string) {
  const folder = mkdtempSync(join(tmpdir(), 'watched-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  return path;
}

const parse = (text: string) => {
  if (text.startsWith('bad')) throw new Error('it is bad');
  return text;
};

test('a change is in force after two seconds, a bad one never, and says so', () => {
  const path = createFile('one');
  const errors: unknown[] = [];
  let at = 0;
  const log = { ...silentLog, error: (message: string, fields?: unknown) => errors.push([message, fields]) };
  const file = watchFile({ what: 'auth.x', path, parse, log, now: () => at });
  expect(file.current()).toBe('one');
  writeFileSync(path, 'other');
  at = 1_999;
  expect(file.current()).toBe('one');
  at = 2_000;
  expect(file.current()).toBe('other');
  writeFileSync(path, 'bad content');
  at = 4_000;
  expect(file.current()).toBe('other');
  expect(file.failure).toMatch(/auth\.x: the file .*secret is not usable: it is bad/);
  expect(JSON.stringify(errors)).not.toContain('bad content');
  rmSync(path);
  at = 6_000;
  expect(file.current()).toBe('other');
  expect(file.failure).toMatch(/ENOENT/);
  writeFileSync(path, 'third');
  at = 8_000;
  expect([file.current(), file.failure]).toEqual(['third', null]);
});

test('a file that is not usable at first is an error that names it', () => {
  const watch = (path: string) => () => watchFile({ what: 'auth.x', path, parse, log: silentLog, now: () => 0 });
  expect(watch('/nowhere/secret')).toThrow('auth.x: the file /nowhere/secret is not usable: ENOENT');
  expect(watch(createFile('bad'))).toThrow(/not usable: it is bad$/);
});
