// Both modes by the console's own command, one after the other in one project, as an operator switches between them.
import { execFile } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { programs } from '../../../scripts/programs.mjs';
import { FILE_NAMES, LOCAL_OVERRIDE, type Mode } from './composeFiles.ts';
import { attempt, copyPlatform, docker, HAS_ENGINE, needEngine } from './engine.ts';

const run = promisify(execFile);
const project = `gatehouse-test-switch-${process.pid}`;
let folder: string;
const state = mkdtempSync(join(tmpdir(), 'state-switch-'));
/** A whole platform comes up twice. */
const SLOW = 300_000;

beforeAll(() => {
  if (!HAS_ENGINE) return;
  folder = copyPlatform();
  copyFileSync(LOCAL_OVERRIDE, join(folder, 'local.yaml'));
  const files = (mode: Mode) => `{ files: [${FILE_NAMES[mode]}, local.yaml] }`;
  const modes = `\nx-gatehouse: { modes: { dev: ${files('dev')}, prod: ${files('prod')} } }\n`;
  appendFileSync(join(folder, FILE_NAMES.dev), modes);
});
afterAll(async () => {
  if (HAS_ENGINE) {
    await gatehouse('down', '--volumes');
    rmSync(folder, { recursive: true, force: true });
  }
  rmSync(state, { recursive: true, force: true });
}, SLOW);
beforeEach(needEngine);

/** Production asks for the name before each change. */
const allowed = ['--unlock', 'a test', '--yes', '--confirm', project];

/** Rejects with what it said when it ends with another code than 0. */
async function gatehouse(...args: string[]): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    [programs.gatehouse, ...args, '--stack', folder, '--engine', process.env.DOCKER_HOST ?? '', ...allowed],
    {
      env: {
        ...process.env,
        COMPOSE_PROJECT_NAME: project,
        GATEHOUSE_RUNTIME_DIR: join(state, 'run'),
        GATEHOUSE_STATE_DIR: join(state, 'state'),
      },
    },
  );
  return stdout;
}

/** One row of one table, tab between the columns; what went wrong where there is none. */
async function sql(text: string): Promise<string> {
  const psql = ['psql', '--host', '/var/run/postgresql', '--username', 'shop', '--dbname', 'shop', '-tAc', text];
  const { output } = await attempt('exec', '--user', 'postgres', `${project}-postgres-1`, ...psql);
  return output.trim();
}

const published = async () =>
  (await docker('ps', '--filter', `label=com.docker.compose.project=${project}`, '--format', '{{.Ports}}')).match(
    /:(\d+)->/g,
  );

/** What is started last is waited for by nobody. */
const ready = () => expect.poll(() => sql('select 1'), { timeout: 60_000 }).toBe('1');
const write = (text: string) => sql(`create table written (mode text); insert into written values ('${text}')`);
const read = () => sql('select mode from written');

test(
  'what development wrote is not there in production, and what production wrote not in development',
  async () => {
    await gatehouse('up', 'postgres', '--mode', 'dev');
    await ready();
    expect(await write('dev')).toContain('INSERT 0 1');

    expect(await gatehouse('switch', 'prod')).toMatch(/: switch: applied, /);
    await ready();
    expect(await read()).toContain('relation "written" does not exist');
    expect(await write('prod')).toContain('INSERT 0 1');
    // Only nginx is reached from outside, although development published the database.
    expect(new Set(await published())).toEqual(new Set([':80->', ':443->']));

    expect(await gatehouse('switch', 'dev')).toMatch(/: switch: applied, /);
    await ready();
    expect(await read()).toBe('dev');
    expect(await gatehouse('up', '--plan', '--mode', 'dev')).toMatch(/nothing to do/);
  },
  2 * SLOW,
);
