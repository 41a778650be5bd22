import { expect, test } from 'vitest';
import { parseIgnore } from './dockerignore.ts';

const cases: [string, string, boolean][] = [
  ['node_modules', 'node_modules', true],
  ['node_modules', 'node_modules/a/b.js', true],
  ['node_modules', 'sub/node_modules', false],
  ['**/node_modules', 'sub/node_modules/x', true],
  ['**/node_modules', 'node_modules', true],
  ['*.md', 'README.md', true],
  ['*.md', 'docs/README.md', false],
  ['**/*.md', 'docs/a/README.md', true],
  ['/src', 'src/a', true],
  ['./src/', 'src/a', true],
  ['a/../b', 'b', true],
  ['temp?', 'temp1', true],
  ['temp?', 'temp', false],
  ['[ab].txt', 'a.txt', true],
  ['\\*.txt', '*.txt', true],
  ['\\*.txt', 'a.txt', false],
  ['a.b', 'axb', false],
  ['# comment', '# comment', false],
  ['*\n!keep', 'keep', false],
  ['*\n!keep', 'keep/inside', false],
  ['*\n!keep/inside', 'keep/inside', false],
  ['*\n!keep/inside', 'keep/other', true],
  ['*\n!keep\nkeep/secret', 'keep/secret', true],
  ['!a\na', 'a', true],
  ['docs\n!docs/README.md', 'docs/README.md', false],
];
test.each(cases)('%j and %s: %s', (text, path, ignored) => {
  expect(parseIgnore(text).isIgnored(path)).toBe(ignored);
});

test('a folder that is left out is only entered for what is brought back', () => {
  const ignore = parseIgnore('*\n!dist/gateway\n');
  expect(['dist', 'dist/gateway', 'src'].map((folder) => ignore.mayHoldExceptions(folder))).toEqual([
    true,
    true,
    false,
  ]);
});
