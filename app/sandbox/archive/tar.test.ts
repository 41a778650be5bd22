import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { parseHeader, readTar } from './tarReader.ts';
import { toHeaders, writeTar } from './tarWriter.ts';

const folder = mkdtempSync(join(tmpdir(), 'tar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same bytes in pieces of `size`. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(source: AsyncIterable<Buffer>) {
  const items: { name: string; type: string; text: string }[] = [];
  for await (const { name, type, content } of readTar(source)) {
    let text = '';
    for await (const chunk of content) text += chunk.toString('latin1');
    items.push({ name, type, text });
  }
  return items;
}

const collect = async (source: AsyncIterable<Buffer>) => {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
};

test('what is written is read again, in pieces of any size', async () => {
  const long = `${'n'.repeat(150)}.txt`;
  mkdirSync(join(folder, 'root', 'sub'), { recursive: true });
  writeFileSync(join(folder, 'root', 'empty'), '');
  writeFileSync(join(folder, 'root', 'sub', long), 'x'.repeat(1_025));
  symlinkSync('/etc/passwd', join(folder, 'root', 'link'));
  const bytes = await collect(writeTar(join(folder, 'root'), 'root'));
  for (const size of [1, 7, 512, 100_000]) {
    expect(await readAll(inPieces(bytes, size))).toEqual([
      { name: 'root/', type: 'folder', text: '' },
      { name: 'root/empty', type: 'file', text: '' },
      { name: 'root/sub/', type: 'folder', text: '' },
      { name: `root/sub/${long}`, type: 'file', text: 'x'.repeat(1_025) },
    ]);
  }
});

test('any name survives a header', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }), async (text) => {
      const name = text.replaceAll('\0', '0');
      const headers = toHeaders({ name, type: 'file', size: 0, mode: 0o644, modifiedAt: 0 });
      const [item] = await readAll(inPieces(Buffer.concat([...headers, Buffer.alloc(1_024)]), 512));
      expect(item).toEqual({ name, type: 'file', text: '' });
    }),
    { numRuns: 200 },
  );
});

test('what is not an archive, or ends too soon, is an error and nothing else', async () => {
  await expect(readAll(inPieces(Buffer.from('garbage '.repeat(100)), 64))).rejects.toThrow('invalid tar header');
  const [header = Buffer.alloc(0)] = toHeaders({ name: 'a', type: 'file', size: 5, mode: 0o644, modifiedAt: 0 });
  await expect(readAll(inPieces(Buffer.concat([header, Buffer.from('abc')]), 64))).rejects.toThrow(
    'ends in the middle',
  );
  await expect(readAll(inPieces(header.subarray(0, 300), 64))).rejects.toThrow('ends in the middle');
  expect(await readAll(inPieces(Buffer.alloc(0), 64))).toEqual([]);
});

test('any bytes are answered by items or by an error of the reader', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 512, maxLength: 2_048 }), async (bytes) => {
      await readAll(inPieces(Buffer.from(bytes), 300)).catch((error: Error) => {
        expect(error.message).toMatch(/tar header|pax record|ends in the middle|too long/);
      });
    }),
    { numRuns: 200 },
  );
});

test('a header says name, mode and size', () => {
  const [header = Buffer.alloc(0)] = toHeaders({ name: 'a/b', type: 'file', size: 1_234, mode: 0o750, modifiedAt: 0 });
  expect(parseHeader(header)).toEqual({ name: 'a/b', mode: 0o750, size: 1_234, flag: '0' });
});
