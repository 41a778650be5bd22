import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines, toPatch } from './unifiedPatch.ts';

test('a change stands between three lines of what is around it', () => {
  expect(toPatch('a\nb\nc\nd\ne\nf\ng\nh\n', 'a\nb\nc\nd\nE\nf\ng\nh\n', '/etc/gateway.yaml')).toBe(
    '--- /etc/gateway.yaml\n+++ /etc/gateway.yaml\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n',
  );
});

test.each<[what: string, before: string, after: string, patch: string]>([
  ['the same', 'a\n', 'a\n', ''],
  ['all is new', '', 'a\n', '--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n'],
  ['all is gone', 'a\n', '', '--- f\n+++ f\n@@ -1,1 +0,0 @@\n-a\n'],
  ['no end of line', 'a', 'a\n', '--- f\n+++ f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n'],
])('%s', (_what, before, after, patch) => {
  expect(toPatch(before, after, 'f')).toBe(patch);
});

test('what is kept and removed is the one text, what is kept and added the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      expect(lines.filter(({ kind }) => kind !== '+').map((line) => line.text)).toEqual(before);
      expect(lines.filter(({ kind }) => kind !== '-').map((line) => line.text)).toEqual(after);
    }),
  );
});
