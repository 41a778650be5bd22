// `npm run check`: format and lint, types, unused code, build, documents, unit tests. Stops at the first that fails.
// `--static` leaves the unit tests out, where `npm test` follows anyway.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
ensureInstalled();
const node = findNode24();
const STEPS = [
  ['format and lint', ['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.']],
  ['types', ['node_modules/typescript/bin/tsc', '-b']],
  ['unused code', ['node_modules/knip/bin/knip.js']],
  ['build', ['scripts/build.mjs']],
  ['documents', ['scripts/docs.mjs', '--check']],
  ...(process.argv.includes('--static') ? [] : [['unit tests', ['scripts/test.mjs', 'unit']]]),
];

for (const [name, args] of STEPS) {
  const started = performance.now();
  const result = spawnSync(node, args, { cwd: root, stdio: 'inherit' });
  console.error(
    `${result.status === 0 ? 'passed' : 'FAILED'}: ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
  if (result.status !== 0) process.exit(1);
}
