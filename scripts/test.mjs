// Runs everything that can run here and ends with one line `tests: N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChanged } from './build.mjs';
import { findChromium } from './chromium.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const only = process.argv.slice(2);

ensureInstalled();
await buildChanged();

const node = findNode24();
const counts = { passed: 0, failed: 0, skipped: [] };

/** Runs one runner and adds what its reporter counted. A runner that wrote no count has failed as a whole. */
function run(name, args, environment) {
  const file = join(root, '.cache', `count-${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const result = spawnSync(node, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...environment,
      GATEHOUSE_COUNT_FILE: file,
      // Hundreds of processes read the same sources: what the first of them compiled halves the start of the others.
      NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'),
    },
  });
  const counted = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1, skipped: [] };
  if (result.status !== 0 && counted.failed === 0) counted.failed = 1;
  counts.passed += counted.passed;
  counts.failed += counted.failed;
  counts.skipped.push(...counted.skipped);
}

if (only.length === 0 || only.includes('unit')) {
  run('unit', ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=./scripts/vitestCount.mjs']);
}

if (only.length === 0 || only.includes('e2e')) {
  const chromium = findChromium();
  if (chromium) {
    run('e2e', ['node_modules/playwright/cli.js', 'test', '--config', 'e2e/playwright.config.ts'], {
      GATEHOUSE_CHROMIUM: chromium,
    });
  } else {
    counts.skipped.push({
      name: 'e2e (all specs)',
      reason: 'no Chromium found; install the package chromium, or set GATEHOUSE_CHROMIUM to a binary',
    });
  }
}

for (const { name, reason } of counts.skipped) console.log(`skipped: ${name}: ${reason}`);
console.log(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);
