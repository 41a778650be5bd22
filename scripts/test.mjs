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
const counts = { passed: 0, failed: [], skipped: [] };

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
      GATEHOUSE_TEST_PROGRAMS: 'built',
      // Hundreds of processes read the same sources: what the first of them compiled halves the start of the others.
      NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'),
    },
  });
  const counted = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: [], skipped: [] };
  if (result.status !== 0 && counted.failed.length === 0) {
    counted.failed.push({ name, reason: `the runner ended with ${result.status ?? result.signal} and named no test` });
  }
  counts.passed += counted.passed;
  counts.failed.push(...counted.failed);
  counts.skipped.push(...counted.skipped);
}

/** One line for a file and a reason, however many of its tests were skipped for it. */
function skippedLines() {
  const byCause = new Map();
  for (const { file, reason } of counts.skipped) {
    const cause = `${file}: ${reason}`;
    byCause.set(cause, (byCause.get(cause) ?? 0) + 1);
  }
  return [...byCause].map(([cause, tests]) => `skipped: ${tests} of ${cause}`);
}

/** What a failure says in a few lines: the end of a log must name it, the whole of it stands further up. */
function failedLines() {
  return counts.failed.map(({ name, reason }) => `failed: ${name}\n  ${reason.split('\n', 12).join('\n  ')}`);
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
      file: 'e2e (all specs)',
      reason: 'no Chromium found; install the package chromium, or set GATEHOUSE_CHROMIUM to a binary',
    });
  }
}

for (const line of [...skippedLines(), ...failedLines()]) console.log(line);
console.log(`tests: ${counts.passed} passed, ${counts.failed.length} failed, ${counts.skipped.length} skipped`);
process.exit(counts.failed.length === 0 ? 0 : 1);
