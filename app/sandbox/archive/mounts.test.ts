import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findHostPath, findMounted } from './mounts.ts';

const folder = mkdtempSync(join(tmpdir(), 'mounts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inside = join(folder, 'inside');
mkdirSync(join(inside, 'sub'), { recursive: true });
writeFileSync(join(inside, 'sub', 'a.txt'), 'a');
writeFileSync(join(folder, 'secret'), 's');
symlinkSync(join(folder, 'secret'), join(inside, 'out'));
symlinkSync(folder, join(inside, 'up'));
symlinkSync('sub/a.txt', join(inside, 'within'));

const mount = (source: string, target: string) => ({ volume: null, source, target, readOnly: false });
const container = {
  mounts: [mount(inside, '/data'), mount(join(inside, 'sub'), '/data/deeper/'), mount(join(folder, 'secret'), '/one')],
};

test.each([
  ['/data/sub/a.txt', join(inside, 'sub', 'a.txt')],
  ['data/sub/a.txt', join(inside, 'sub', 'a.txt')],
  ['/data/', inside],
  ['/data/./sub/../sub/a.txt', join(inside, 'sub', 'a.txt')],
  ['/data/within', join(inside, 'sub', 'a.txt')],
  ['/data/deeper/a.txt', join(inside, 'sub', 'a.txt')],
  ['/one', join(folder, 'secret')],
  ['/../../one', join(folder, 'secret')],
  ['/data/out', null],
  ['/data/up/secret', null],
  ['/data/../secret', null],
  ['/database', null],
  ['/data/none', null],
  ['/one/more', null],
  ['/', null],
  ['/data/\0', null],
])('%j is %j', (path, expected) => {
  expect(findHostPath(container, path)).toBe(expected);
});

test('a file that is not there yet has a place in its mount', () => {
  expect(findMounted(container, '/data/new/file')?.hostPath).toBe(join(inside, 'new', 'file'));
  expect(findMounted(container, '/elsewhere')).toBeUndefined();
});
