import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createRuntimeFolder, runCli } from './runCli.ts';
import { temporaryFolder } from './startTestHost.ts';

/** Processes of a busy machine. */
const slow = 60_000;

function writeStack(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const config = (...args: string[]) => runCli(['config', ...args], createRuntimeFolder());

test(
  'the shipped platform is printed in both modes, as YAML and as JSON',
  async () => {
    const [dev, prod] = await Promise.all([config(), config('--mode', 'prod', '--json')]);
    expect([dev.code, prod.code]).toEqual([0, 0]);
    const projects = [parse(dev.stdout), JSON.parse(prod.stdout)];
    for (const project of projects) expect(Object.keys(project.services).length).toBeGreaterThanOrEqual(22);
    expect(projects.map(({ networks }) => networks.backend_network.internal ?? false)).toEqual([false, true]);
  },
  slow,
);

test(
  'a production file is laid over the other where it cannot stand alone',
  async () => {
    const stack = writeStack({
      'compose.yaml': 'name: shop\nservices: { api: { image: "shop/$USER_NAME", ports: ["80:80"] } }\n',
      'compose.prod.yaml': 'services: { api: { restart: always, ports: !reset [] } }\n',
      '.env': 'USER_NAME=api\n',
    });
    const { code, stdout } = await config('--mode', 'prod', '--stack', stack, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'shop',
      services: { api: { image: 'shop/api', restart: 'always' } },
    });
    expect(JSON.parse(stdout).services.api.ports).toBeUndefined();
  },
  slow,
);

test(
  'what is wrong is told with its place and a remedy, and ends with 1',
  async () => {
    const stack = writeStack({ 'compose.yaml': 'services:\n  api:\n    image: x\n    enviroment: {}\n' });
    const { code, stdout, stderr } = await config('--stack', stack);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'gatehouse: compose.yaml:4:5: services.api.enviroment is no key of the compose specification\n' +
        'Did you mean environment? Otherwise remove it, or begin it with x-.\n',
    );
  },
  slow,
);

test(
  'what is only doubtful is told beside the project',
  async () => {
    const stack = writeStack({ 'compose.yaml': 'services: { api: { image: "x$NOPE" } }\n' });
    const { code, stdout, stderr } = await config('--stack', stack);
    expect({ code, image: parse(stdout).services.api.image }).toEqual({ code: 0, image: 'x' });
    expect(stderr).toBe(
      'gatehouse: compose.yaml:1:27: variable NOPE is not set and has no default; it is empty here\n',
    );
  },
  slow,
);

test(
  'a mode without files, and one that is none, are wrong use',
  async () => {
    const stack = writeStack({ 'compose.yaml': 'services: { api: { image: x } }\n' });
    const [without, none] = await Promise.all([
      config('--stack', stack, '--mode', 'prod'),
      config('--mode', 'staging'),
    ]);
    expect([without.code, none.code]).toEqual([2, 2]);
    expect(without.stderr).toContain('docker-compose.prod.yaml');
  },
  slow,
);
