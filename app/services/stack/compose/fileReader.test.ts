import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { localFileReader } from './fileReader.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-reader-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a file is read, a folder and what is not there are not', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a'), 'text');
  mkdirSync(join(folder, 'b'));
  const read = (...path: string[]) => localFileReader.readText(join(folder, ...path));
  expect(await Promise.all([read('a'), read('b'), read('c'), read('a', 'below')])).toEqual([
    'text',
    undefined,
    undefined,
    undefined,
  ]);
  expect(await localFileReader.isFolder(join(folder, 'b'))).toBe(true);
  expect(await localFileReader.isFolder(join(folder, 'a'))).toBe(false);
});

test('a file that is too big is not read', async () => {
  const file = join(temporaryFolder(), 'big');
  writeFileSync(file, Buffer.alloc(1024 * 1024 + 1));
  await expect(localFileReader.readText(file)).rejects.toMatchObject({
    code: 'folder-unreadable',
    message: expect.stringContaining('more than 1048576'),
  });
});

test('a device, which has no end, is not read', async (context) => {
  if (process.platform === 'win32') context.skip('needs /dev/zero');
  await expect(localFileReader.readText('/dev/zero')).rejects.toMatchObject({
    message: '/dev/zero is no regular file.',
  });
});
