import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LineWriter } from './lineWriter.ts';

function open(queueBytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'lines-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'access.log');
  const counts = { written: 0, dropped: 0 };
  const failures: string[] = [];
  const writer = new LineWriter({ to: path, queueBytes, counts, onFailure: (reason) => failures.push(reason) });
  return { path, counts, failures, writer };
}

test('lines arrive whole and in order, however many come at once', async () => {
  const { path, counts, writer } = open(100_000_000);
  const lines = Array.from({ length: 20_000 }, (_, index) => `${index} ${'x'.repeat(index % 300)}\n`);
  for (const line of lines) writer.write(line);
  await writer.close(10_000);
  expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
  expect(counts).toEqual({ written: 20_000, dropped: 0 });
});

test('what does not fit into the queue is lost and counted, and room comes back', async () => {
  const { path, counts, writer } = open(100);
  for (let index = 0; index < 20; index++) writer.write(`line-${String(index).padStart(2, '0')}--\n`);
  expect(counts.dropped).toBe(10);
  await expect.poll(() => counts.written).toBe(10);
  writer.write('later\n');
  await writer.close(10_000);
  expect(readFileSync(path, 'utf8').trim().split('\n').at(-1)).toBe('later');
  expect(counts).toEqual({ written: 11, dropped: 10 });
});

test('after a rename it goes on in a new file of the same name', async () => {
  const { path, writer, failures } = open(1_000_000);
  for (let index = 0; index < 1_000; index++) writer.write(`before ${index}\n`);
  renameSync(path, `${path}.1`);
  writer.reopen();
  writer.write('after\n');
  await writer.close(10_000);
  const [old, now] = [`${path}.1`, path].map((file) => readFileSync(file, 'utf8'));
  expect(`${old}${now}`.split('\n')).toHaveLength(1_002);
  expect(now).toMatch(/after\n$/);
  expect(failures).toEqual([]);
});
