import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, startUpstream } from './fixture.ts';

const MAIN = new URL('../main.ts', import.meta.url).pathname;

interface Program {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly output: () => string;
  readonly errors: () => string;
}

function startProgram(yaml: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Program {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const config = join(folder, 'gateway.yaml');
  writeFileSync(config, yaml);
  const filled = args.map((arg) => arg.replace('FOLDER', folder));
  const child = spawn(process.execPath, [MAIN, '--config', config, ...filled], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  });
  return { child, folder, output: () => output, errors: () => errors };
}

async function portOf(program: Program): Promise<number> {
  await eventually(() => program.output().includes('"msg":"listening"') || program.child.exitCode !== null);
  const line = program
    .output()
    .split('\n')
    .find((text) => text.includes('"msg":"listening"'));
  return (JSON.parse(line ?? '{}') as { port: number }).port;
}

const toYaml = (url: string) => `
version: 1
listen: { host: 127.0.0.1, port: 8080 }
upstreams: { app: { url: ${url} } }
routes: [{ id: app, paths: [/app], upstream: app, rewrite: { prefix: / } }]
`;

test('SIGTERM finishes what runs, takes nothing new, and ends with 0', async () => {
  let finish: () => void = () => undefined;
  const upstream = await startUpstream((_req, res) => {
    finish = () => res.end('done');
    res.writeHead(200).write('begun ');
  });
  const program = startProgram(toYaml(`http://127.0.0.1:${upstream.port}`), ['--admin-socket', 'FOLDER/admin.sock'], {
    GATEHOUSE_PORTS: '{"8080":"127.0.0.1:0"}',
  });
  const port = await portOf(program);
  const socket = join(program.folder, 'admin.sock');
  expect(statSync(socket).mode & 0o777).toBe(0o600);

  const running = await fetch(`http://127.0.0.1:${port}/app`);
  // A connection that is open before the drain begins, kept busy so that it is not closed as idle.
  const exit = once(program.child, 'exit');
  program.child.kill('SIGTERM');
  await eventually(() => program.output().includes('"msg":"draining"'));
  await expect(fetch(`http://127.0.0.1:${port}/app`)).rejects.toThrow();
  expect(await askAdmin(socket, '/health')).toEqual({ status: 'draining' });
  finish();
  expect(await running.text()).toBe('begun done');
  expect(await exit).toEqual([0, null]);
  expect(program.output()).toContain('"whole":true');
  expect(existsSync(socket)).toBe(false);
});

test('a socket that a killed gateway left behind is taken over, a living one and other files are not', async () => {
  const yaml = toYaml('http://127.0.0.1:9');
  const env = { GATEHOUSE_PORTS: '{"8080":"127.0.0.1:0"}' };
  const first = startProgram(yaml, ['--admin-socket', 'FOLDER/admin.sock'], env);
  await portOf(first);
  const socket = join(first.folder, 'admin.sock');
  const second = startProgram(yaml, ['--admin-socket', socket], env);
  expect(await once(second.child, 'exit')).toEqual([1, null]);
  expect(second.errors()).toContain('another gateway answers');

  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  expect(existsSync(socket)).toBe(true);
  const third = startProgram(yaml, ['--admin-socket', socket], env);
  await portOf(third);
  expect(await askAdmin(socket, '/health')).toEqual({ status: 'ok' });

  const file = join(third.folder, 'gateway.yaml');
  const fourth = startProgram(yaml, ['--admin-socket', file], env);
  expect(await once(fourth.child, 'exit')).toEqual([1, null]);
  expect(fourth.errors()).toContain('is not a socket');
  expect(statSync(file).isFile()).toBe(true);
});

test('a new address in the hosts file is used by the next requests', async () => {
  const one = await startUpstream((_req, res) => res.end('one'));
  const two = await startUpstream((_req, res) => res.end('two'));
  const program = startProgram(toYaml('http://app.internal:8000'), [
    '--listen',
    '127.0.0.1:0',
    '--hosts',
    'FOLDER/hosts.json',
  ]);
  const hosts = join(program.folder, 'hosts.json');
  const point = (port: number) => {
    writeFileSync(`${hosts}.new`, JSON.stringify({ 'app.internal:8000': `127.0.0.1:${port}` }));
    renameSync(`${hosts}.new`, hosts);
  };
  point(one.port);
  const port = await portOf(program);
  const ask = async () => (await fetch(`http://127.0.0.1:${port}/app`)).text();
  expect(await ask()).toBe('one');
  point(two.port);
  const began = performance.now();
  await eventually(async () => (await ask()) === 'two');
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('--check says what is wrong and where, without listening', async () => {
  const bad = startProgram(toYaml('http://app:1').replace('upstream: app', 'upstream: ap'), ['--check']);
  expect(await once(bad.child, 'exit')).toEqual([1, null]);
  expect(bad.errors()).toMatch(/gateway\.yaml:5:\d+: routes\[0\]\.upstream: route "app" names the upstream "ap"/);
  const good = startProgram(toYaml('http://app:1'), ['--check']);
  expect(await once(good.child, 'exit')).toEqual([0, null]);
  expect(good.output()).toContain('fine, 1 routes');
  const wrong = startProgram('', ['--nonsense']);
  expect(await once(wrong.child, 'exit')).toEqual([2, null]);
});

function askAdmin(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(JSON.parse(text)));
    })
      .on('error', reject)
      .end();
  });
}
