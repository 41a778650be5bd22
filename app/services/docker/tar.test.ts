import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromTar, toTar } from '../test/engines/tar.ts';
import { toTarArchive } from './tar.ts';
import { readTarFile } from './tarFile.ts';

const file = (path: string, content: string | Buffer, mode = 0o644) => ({
  path,
  content: Buffer.from(content as string),
  mode,
  uid: 5,
  gid: 6,
});

test('the machine’s tar reads what was written, long names and other alphabets too', () => {
  const long = `${'folder/'.repeat(20)}${'name'.repeat(30)}`;
  const files = { 'run/secrets/key': 'secret', 'größe.txt': 'x'.repeat(600), [long]: '', 'empty/file': '' };
  const archive = toTarArchive(Object.entries(files).map(([path, content]) => file(path, content)));
  expect(fromTar(archive)).toEqual(files);
});

test('owner and rights are kept', () => {
  const archive = toTarArchive([file('key', 'x', 0o400)]);
  const listed = execFileSync('tar', ['-tvf', '-', '--numeric-owner'], { input: archive, encoding: 'utf8' });
  expect(listed).toMatch(/^-r-------- 5\/6 +1 /);
});

const read = (bytes: Buffer, limit = 1000) => readTarFile(Readable.from([bytes]), limit);

test('one file is read back, whatever is in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      const content = Buffer.from(bytes);
      expect(await read(toTarArchive([{ ...file('f', ''), content }]), 3000)).toEqual(content);
    }),
    { numRuns: 50 },
  );
});

test('a file of another tar is read, with a long name before it', async () => {
  expect((await read(toTar({ [`${'n'.repeat(150)}.txt`]: 'content' })))?.toString()).toBe('content');
});

test.each([
  ['more than the limit', toTarArchive([file('f', 'x'.repeat(1001))])],
  ['a folder', toTar({ 'folder/file': 'x' }, 's,^folder/file,x/,')],
  ['nothing', Buffer.alloc(1024)],
  ['no archive', Buffer.from('nothing like a header '.repeat(40))],
  ['the beginning of one', toTarArchive([file('f', 'x'.repeat(900))]).subarray(0, 700)],
])('%s is none', async (_, bytes) => {
  expect(await read(bytes)).toBeUndefined();
});
