import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createHostLog, createLineTail } from './hostLog.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('lines are put together from the pieces they come in', () => {
  const tail = createLineTail();
  for (const piece of ['one\ntw', 'o\r\n\n', 'thr', 'ee']) tail.add(piece);
  expect(tail.lines()).toEqual(['one', 'two', 'three']);
});

test('the last 40 lines are kept, and of each so much as can be read', () => {
  const tail = createLineTail();
  for (let line = 1; line <= 1000; line += 1) tail.add(`line ${line}\n`);
  expect(tail.lines()).toHaveLength(40);
  expect(tail.lines().at(-1)).toBe('line 1000');
  for (let piece = 0; piece < 1000; piece += 1) tail.add('x'.repeat(1000));
  expect(tail.lines().at(-1)).toBe(`${'x'.repeat(500)} …`);
});

test('the file keeps everything that was written, for its owner alone', () => {
  const log = createHostLog(join(temporaryFolder(), 'logs', 'host.log'));
  const euro = Buffer.from('€\n');
  log.write(euro.subarray(0, 1));
  log.write(euro.subarray(1));
  expect(readFileSync(log.path, 'utf8')).toBe('€\n');
  expect(statSync(log.path).mode & 0o077).toBe(0);
  expect(log.lastLines()).toEqual(['€']);
});

test('a file that is full becomes the one before', () => {
  const log = createHostLog(join(temporaryFolder(), 'host.log'), 10);
  for (const text of ['first\n', 'second\n', 'third\n']) log.write(Buffer.from(text));
  expect(readFileSync(log.path, 'utf8')).toBe('third\n');
  expect(readFileSync(`${log.path}.1`, 'utf8')).toBe('second\n');
});

test('the lines of an earlier host are not told as those of the next', () => {
  const log = createHostLog(join(temporaryFolder(), 'host.log'));
  log.write(Buffer.from('earlier\n'));
  log.begin();
  log.write(Buffer.from('later\n'));
  expect(log.lastLines()).toEqual(['later']);
});

test('a place that cannot be written to keeps the last lines all the same', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const log = createHostLog(join(file, 'host.log'));
  log.write(Buffer.from('why\n'));
  expect(log.lastLines()).toEqual(['why']);
});
