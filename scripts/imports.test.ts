// Keeps the direction of imports: which folder may import which, and which package only one place may import.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folder → what it may import of ours, besides itself. Tests may reach further: they are listed apart. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'gateway-core': [],
  'app/contract': [],
  'app/sandbox': [],
  'app/services': ['app/contract', 'gateway-core/index.ts'],
  'app/host': ['app/contract', 'app/services', 'app/sandbox', 'gateway-core/index.ts'],
  main: [],
  renderer: ['app/contract'],
  'resources/platform/services': [],
  e2e: ['app/contract', 'scripts', 'resources/platform/test'],
  scripts: [],
};

/** Package → the only place that may import it, type-only imports included. */
const ONLY_IN: Record<string, string> = {
  dockerode: 'app/services/docker/',
  electron: 'main/',
  'http-proxy': 'gateway-core/transport/upgrade.ts',
  react: 'renderer/',
  'react-dom': 'renderer/',
};

interface Import {
  file: string;
  specifier: string;
}

function collectImports(): Import[] {
  const found: Import[] = [];
  for (const folder of Object.keys(MAY_IMPORT)) {
    for (const file of globSync('**/*.{ts,tsx}', { cwd: join(root, folder) })) {
      if (file.includes('node_modules')) continue;
      const path = join(folder, file);
      const text = readFileSync(join(root, path), 'utf8');
      for (const match of text.matchAll(
        /^(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^import\s*['"]([^'"]+)['"]/gm,
      )) {
        const specifier = match[1] ?? match[2] ?? match[3];
        if (specifier) found.push({ file: path, specifier });
      }
    }
  }
  return found;
}

const imports = collectImports();

const folderOf = (path: string): string | undefined =>
  Object.keys(MAY_IMPORT)
    .filter((folder) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];

test('the collector sees imports, so that the rules below can fail', () => {
  expect(imports.length).toBeGreaterThan(50);
});

test('folders import only in the allowed direction', () => {
  const wrong = imports
    .filter(
      ({ specifier, file }) => specifier.startsWith('.') && !file.endsWith('.test.ts') && !file.includes('/test/'),
    )
    .map(({ file, specifier }) => ({ file, target: relative(root, join(root, dirname(file), specifier)) }))
    .filter(({ file, target }) => {
      const from = folderOf(file);
      if (!from || folderOf(target) === from || target === 'package.json') return false;
      return !MAY_IMPORT[from]?.some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
    });
  expect(wrong).toEqual([]);
});

test('packages that belong to one place are imported there alone', () => {
  const wrong = imports.filter(({ file, specifier }) => {
    const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0];
    const place = name && ONLY_IN[name];
    return place && !file.startsWith(place);
  });
  expect(wrong).toEqual([]);
});

test('no file is a room of several: 400 lines at most', () => {
  const large = Object.keys(MAY_IMPORT)
    .flatMap((folder) => globSync('**/*.{ts,tsx}', { cwd: join(root, folder) }).map((file) => join(folder, file)))
    .filter((file) => !file.includes('node_modules') && !/\.(test|spec)\.tsx?$/.test(file))
    .filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 401);
  expect(large).toEqual([]);
});
