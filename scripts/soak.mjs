// `npm run soak [-- NAME …]`: the tests of endurance (or those whose file has a NAME in its path) for as long as they are
// worth, with what came of each in bench/results/soak.json. Those that need a Docker engine run with
// GATEHOUSE_TEST_ENGINE=1 and are left out without it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChanged } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const result = join(root, 'bench', 'results', 'soak.json');

const names = process.argv.slice(2);
const listed = execFileSync('git', ['ls-files', '*.test.ts'], { cwd: root, encoding: 'utf8' }).split('\n');
const files = listed.filter(
  (file) =>
    file !== '' &&
    readFileSync(join(root, file), 'utf8').includes('repetitions({') &&
    (names.length === 0 || names.some((name) => file.includes(name))),
);
if (files.length === 0) {
  console.error(`no test of endurance has ${names.join(' or ')} in its path`);
  process.exit(2);
}

ensureInstalled();
await buildChanged();
const report = join(root, '.cache', 'soak.json');
mkdirSync(dirname(report), { recursive: true });
const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`];
const { status } = spawnSync(findNode24(), ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...files], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, GATEHOUSE_TEST_ENDURANCE: 'soak', GATEHOUSE_TEST_PROGRAMS: 'built' },
});

const run = {
  commit: execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim(),
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} cores of ${cpus()[0]?.model.trim()}`,
};
/** Only of files that ask how often: what else stands in them is no test of endurance, but was run as well. */
const seen = JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap(({ name, assertionResults }) =>
  assertionResults
    .filter(({ status: state }) => state === 'passed' || state === 'failed')
    .map(({ fullName, status: state, duration }) => ({
      file: relative(root, name),
      test: fullName.trim(),
      state,
      seconds: Math.round(duration / 1_000),
      ...run,
    })),
);
const isSeen = ({ file, test }) => seen.some((one) => one.file === file && one.test === test);
const earlier = existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : [];
const summary = [...earlier.filter((one) => !isSeen(one)), ...seen];
writeFileSync(result, `${JSON.stringify(summary, null, 2)}\n`);
console.log(`written: ${result}`);
process.exit(status ?? 1);
