// What the documents on security say is held against the repository: files that are named exist, attacks are as many as said.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The rows of a table of attacks in a test, each of which is a test of its own. */
const TABLES: readonly (readonly [file: string, from: string, to: string, row: RegExp])[] = [
  [
    'app/host/requestGuard.test.ts',
    'the request guard refuses',
    'the request guard lets pass',
    /4\d\d,\s*'[a-z-]+',?\s*\]/g,
  ],
  ['app/host/test/attacks-are-refused-on-the-wire.test.ts', 'test.each', "])('%s'", /(?:4\d\d|\b0)\s*,?\s*\],\n/g],
  ['main/navigation.test.ts', '// Another port, name', "])('nowhere", /^ {2}'[^\n]*',$/gm],
  ['main/permissions.ts', 'PERMISSION_RULES', 'PermissionQuestion', /^ {2}'?[\w-]+'?: (?:\['deny'|NO_)/gm],
  ['main/deepLink.test.ts', '// Another scheme', "])('refused", /^ {2}\['/gm],
  ['main/stateReport.test.ts', "['nothing', []]", "])('refused", /^ {2}\['/gm],
];

function countRows([file, from, to, row]: (typeof TABLES)[number]): number {
  const text = read(file);
  const begin = text.indexOf(from);
  const end = text.indexOf(to, begin);
  if (begin < 0 || end < 0) throw new Error(`${file} has no table between ${from} and ${to}`);
  return text.slice(begin, end).match(row)?.length ?? 0;
}

test('guard, navigation and permissions stand against at least 80 attacks', () => {
  const counts = TABLES.map((table) => [table[0], countRows(table)] as const);
  for (const [file, count] of counts) expect(count, file).toBeGreaterThanOrEqual(14);
  expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThanOrEqual(200);
});

test.each(['docs/electron-security.md', 'docs/security.md', 'SECURITY.md'])(
  'every file that %s names exists',
  (path) => {
    const named = [
      ...read(path).matchAll(/`((?:[\w@.-]+\/)+[\w.' -]+\.(?:ts|tsx|mjs|yml|yaml|md)|[\w-]+\.(?:yml|md|json))`/g),
    ];
    const files = named.map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  },
);

test('every row of the checklist names the file that implements it', () => {
  const rows = read('docs/electron-security.md')
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line));
  // Electron's list has twenty; https://www.electronjs.org/docs/latest/tutorial/security
  expect(rows.map((row) => Number(row.split('|')[1]))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  for (const row of rows) expect(row, row).toMatch(/`[\w./-]+\.(?:ts|yml|json)`/);
});

test('the fuses that the document names are those that are set', () => {
  const set = [...read('electron-builder.yml').matchAll(/^ {2}(\w+): (?:true|false)$/gm)].map(([, name]) => name);
  const fuses = set.filter((name) => read('docs/electron-security.md').includes(`\`${name}\``));
  expect(fuses).toEqual(
    expect.arrayContaining(['runAsNode', 'onlyLoadAppFromAsar', 'enableEmbeddedAsarIntegrityValidation']),
  );
  expect(fuses.length).toBeGreaterThanOrEqual(7);
});
