// `npm run soak`: the tests of endurance for as long as they are worth, with what came of it in bench/results/soak.json.
// Those that need a Docker engine run with GATEHOUSE_TEST_ENGINE=1 and are said to be skipped without it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChanged } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const result = join(root, 'bench', 'results', 'soak.json');

const read = (file) => readFileSync(join(root, file), 'utf8');
const listed = execFileSync('git', ['ls-files', '*.test.ts'], { cwd: root, encoding: 'utf8' }).split('\n');
const files = listed.filter((file) => file && read(file).includes('repetitions({'));

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

const tests = JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap(({ assertionResults }) => assertionResults);
const summary = {
  commit: execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim(),
  date: new Date().toISOString(),
  machine: `${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${execFileSync(findNode24(), ['--version'], { encoding: 'utf8' }).trim()}`,
  tests: tests.map(({ fullName, status: state, duration }) => ({
    name: fullName.trim(),
    state,
    ...(duration === undefined ? {} : { seconds: Math.round(duration / 1_000) }),
  })),
};
writeFileSync(result, `${JSON.stringify(summary, null, 2)}\n`);
console.log(`written: ${result}`);
process.exit(status ?? 1);
