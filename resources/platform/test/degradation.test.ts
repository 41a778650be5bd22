import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toAbsences } from './degradation.ts';

test('every store and service whose absence the documents describe is killed by a test', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/platform.md'), 'utf8');
  const [, table = ''] = /## What degrades\n([\s\S]*?)\n## /.exec(page) ?? [];
  const described = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, service]) => service);
  const killed = toAbsences(
    () => Promise.reject(new Error('not asked here')),
    () => '',
  ).map(({ service }) => service);
  expect(described.length).toBeGreaterThanOrEqual(6);
  expect(killed).toEqual(expect.arrayContaining(described));
});
