// The first steps of an operator, in a browser, against a console that was packed or installed: `node scripts/smoke.mjs
// PROGRAM [NODE]`. In CI it runs for the packed tree and for the npm package; `npm test` runs the same spec on what was built.
import { spawnSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** From the printed address to a platform that runs and is reached: what needs every file that was packed. */
const STEPS = 'nothing has been started|sandbox platform starts|every route of the platform';

/** Throws where a step fails, and where there is no browser: who asks for the smoke wants to see it. */
export function runSmoke(program, node = findNode24()) {
  const chromium = findChromium();
  if (!chromium)
    throw new Error('no Chromium found; install the package chromium, or set GATEHOUSE_CHROMIUM to a binary');
  const args = ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list', 'firstConsole', '--grep', STEPS];
  const environment = {
    GATEHOUSE_CHROMIUM: chromium,
    GATEHOUSE_TEST_PROGRAM: resolve(program),
    GATEHOUSE_TEST_NODE: node,
  };
  const { status } = spawnSync(findNode24(), ['node_modules/playwright/cli.js', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(`the smoke of ${program} failed; see above`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [program, node] = process.argv.slice(2);
  if (program === undefined) {
    console.error('which program? write `node scripts/smoke.mjs PROGRAM [NODE]`');
    process.exit(2);
  }
  runSmoke(program, node && resolve(node));
}
