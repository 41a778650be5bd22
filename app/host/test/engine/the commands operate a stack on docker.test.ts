// What the commands do on a real engine, seen with the docker command, and what docker compose makes of it.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Drift, Plan, StackStatus } from '../../../contract/index.ts';
import { docker, IMAGE, needEngine } from '../../../services/stack/test/engine/composeStack.ts';
import { type CliResult, runCli, startCli } from '../runCli.ts';

const name = `ghc-${process.pid}`;
const root = mkdtempSync(join(tmpdir(), 'ghc-'));
const folder = join(root, name);
mkdirSync(folder);
const address = process.env.DOCKER_HOST ?? '';
const place = ['--stack', folder, '--engine', address];
const allowed = ['--unlock', 'a test', '--yes'];
const run = (...args: string[]): Promise<CliResult> => runCli([...args, ...place], join(root, 'run'));
const SLOW = 120_000;

beforeEach(needEngine);
afterAll(async () => {
  if (process.env.GATEHOUSE_TEST_ENGINE === '1') await docker('compose', '--project-name', name, 'down', '--volumes');
  rmSync(root, { recursive: true, force: true });
}, SLOW);

/** Two services, a volume, and a file that one of them mounts. */
function write(level: string, greeting: string, mode: 'dev' | 'prod' = 'dev'): void {
  const rest = { image: IMAGE, entrypoint: ['sleep', 'infinity'], init: true, pull_policy: 'never' };
  const health = { test: ['CMD', 'true'], interval: '1s', timeout: '5s', retries: 20 };
  const volume = `data_${mode}`;
  const services = {
    db: { ...rest, volumes: [`${volume}:/data`], healthcheck: health, environment: { LEVEL: level } },
    web: { ...rest, volumes: ['./greeting:/greeting:ro'], depends_on: { db: { condition: 'service_healthy' } } },
  };
  writeFileSync(join(folder, 'greeting'), greeting);
  const file = mode === 'prod' ? 'docker-compose.prod.yaml' : 'docker-compose.yaml';
  // JSON is YAML.
  writeFileSync(join(folder, file), JSON.stringify({ name, services, volumes: { [volume]: {} } }));
}

/** Id of each container by its name without the project's. */
async function containers(): Promise<Record<string, string>> {
  const filter = `label=com.docker.compose.project=${name}`;
  const rows = await docker('ps', '--filter', filter, '--no-trunc', '--format', '{{.Names}} {{.ID}}');
  const pairs = rows.split('\n').flatMap((row) => (row ? [row.slice(name.length + 1).split(' ')] : []));
  return Object.fromEntries(pairs as [string, string][]);
}

test('plan, up, and a second up, after which docker compose has nothing to do either', { timeout: SLOW }, async () => {
  write('info', 'hello\n');
  const planned = await run('plan', '--json');
  expect((JSON.parse(planned.stdout) as Plan).steps.map(({ id }) => id)).toEqual(
    expect.arrayContaining([`container ${name}-db-1`, `container ${name}-web-1`]),
  );
  expect(await containers()).toEqual({});
  expect(await run('up', ...allowed)).toMatchObject({ code: 0, stdout: expect.stringContaining(': up: applied, ') });
  const ours = await containers();
  expect(Object.keys(ours).sort()).toEqual(['db-1', 'web-1']);
  expect(await run('up')).toMatchObject({ code: 0, stdout: `${name}: up: nothing to do\n` });
  await promisify(execFile)('docker', ['compose', '--project-directory', folder, 'up', '--detach'], { cwd: folder });
  expect(await containers()).toEqual(ours);
});

test('drift names a field that differs and a mounted file that was changed after the start', {
  timeout: SLOW,
}, async () => {
  const before = await run('drift');
  expect(before).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing differs from the files') });
  write('debug', 'changed\n');
  const { code, stdout } = await run('drift', '--json');
  expect(code).toBe(1);
  const { services } = JSON.parse(stdout) as Drift;
  expect(services.find(({ service }) => service === 'db')).toMatchObject({
    kind: 'fields',
    changes: [{ field: 'environment.LEVEL' }],
  });
  expect(JSON.stringify(services.find(({ service }) => service === 'web'))).toContain('/greeting');
});

test('up makes anew what differs and nothing else', { timeout: SLOW }, async () => {
  write('debug', 'hello\n');
  const before = await containers();
  expect((await run('up', '--no-deps', 'db', ...allowed)).code).toBe(0);
  const after = await containers();
  expect(after['db-1']).not.toBe(before['db-1']);
  expect(after['web-1']).toBe(before['web-1']);
  const environment = await docker('inspect', '--format', '{{.Config.Env}}', `${name}-db-1`);
  expect(environment).toContain('LEVEL=debug');
});

test('scale, ps and restart, one replica after the other', { timeout: SLOW }, async () => {
  expect((await run('scale', 'db=2', ...allowed)).code).toBe(0);
  const status = JSON.parse((await run('ps', '--json')).stdout) as StackStatus;
  expect(status.services.map(({ service, replicas }) => [service, replicas.length])).toEqual([
    ['db', 2],
    ['web', 1],
  ]);
  const startOf = (replica: number) =>
    docker('inspect', '--format', '{{.State.StartedAt}}', `${name}-db-${replica}`).then(Date.parse);
  const before = await startOf(1);
  const { code, stderr } = await run('restart', 'db', ...allowed);
  expect(code).toBe(0);
  expect(await startOf(1)).toBeGreaterThan(before);
  expect(await startOf(2)).toBeGreaterThan(await startOf(1));
  expect(stderr.indexOf(`restart container ${name}-db-2`)).toBeGreaterThan(
    stderr.indexOf(`restart container ${name}-db-1`),
  );
  expect((await run('scale', 'db=1', ...allowed)).code).toBe(0);
});

test('switch goes to the other mode, keeps its volume, and back again', { timeout: 2 * SLOW }, async () => {
  write('warn', 'hello\n', 'prod');
  await docker('exec', '--user', 'root', `${name}-db-1`, 'sh', '-c', 'echo dev > /data/by');
  // Production asks for the name before each change.
  expect((await run('switch', 'prod', ...allowed)).code).toBe(2);
  expect((await run('switch', 'prod', ...allowed, '--confirm', name)).code).toBe(0);
  await expect(docker('exec', `${name}-db-1`, 'cat', '/data/by')).rejects.toThrow('No such file');
  expect((await run('switch', 'dev', ...allowed, '--confirm', name)).code).toBe(0);
  expect(await docker('exec', `${name}-db-1`, 'cat', '/data/by')).toBe('dev');
});

test('Ctrl-C ends an up between two steps, and the next one goes on', { timeout: SLOW }, async () => {
  expect((await run('down', ...allowed)).code).toBe(0);
  const up = startCli(['up', ...allowed, ...place], join(root, 'run'));
  let said = '';
  up.process.stderr.on('data', (text: string) => {
    said += text;
    if (said.includes('waits for db: healthy')) up.process.kill('SIGINT');
  });
  expect(await up.result).toMatchObject({ code: 130, stdout: expect.stringContaining(': up: cancelled, ') });
  expect(Object.keys(await containers())).toEqual(['db-1']);
  expect((await run('up', ...allowed)).code).toBe(0);
  expect(Object.keys(await containers()).sort()).toEqual(['db-1', 'web-1']);
});

test('down leaves the volumes, with the second yes it leaves nothing', { timeout: SLOW }, async () => {
  const volumes = async () => (await docker('volume', 'ls', '--quiet', '--filter', `name=${name}_`)).split('\n').sort();
  expect((await run('down', ...allowed)).code).toBe(0);
  expect([await containers(), await volumes()]).toEqual([{}, [`${name}_data_dev`, `${name}_data_prod`]]);
  expect((await run('down', '--volumes', ...allowed)).code).toBe(2);
  expect((await run('down', '--volumes', ...allowed, '--yes')).code).toBe(0);
  expect(await volumes()).toEqual(['']);
});
