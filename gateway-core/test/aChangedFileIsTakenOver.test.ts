import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import type { Log } from '../server/log.ts';
import { callAdmin } from './adminCalls.ts';
import { startUpstream } from './fixture.ts';
import { PROGRAM_TEST_MS, portOf, startProgram } from './program.ts';

const toText = (port: number, ...ids: string[]) =>
  `version: 1\nlisten: { host: 127.0.0.1, port: 0 }\nupstreams: { app: { url: "http://127.0.0.1:${port}" } }\nroutes:\n${ids.map((id) => `  - { id: ${id}, paths: [/${id}], upstream: app }\n`).join('')}`;

interface Watched {
  readonly folder: string;
  readonly path: string;
  readonly gateway: Gateway;
  readonly errors: string[];
  readonly toText: (...ids: string[]) => string;
  routes(): Promise<string[]>;
}

async function start(prepare?: (folder: string, text: string) => string): Promise<Watched> {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const folder = mkdtempSync(join(tmpdir(), 'watched-'));
  const text = toText(upstream.port, 'one');
  const path = prepare ? prepare(folder, text) : join(folder, 'gateway.yaml');
  if (!prepare) writeFileSync(path, text);
  const errors: string[] = [];
  const log: Log = { info() {}, warn() {}, error: (_message, fields) => void errors.push(JSON.stringify(fields)) };
  const gateway = createGateway(loadConfig(text, path), { configFile: path, log });
  onTestFinished(async () => {
    await gateway.close({ graceMs: 0 });
    rmSync(folder, { recursive: true });
  });
  await gateway.listen();
  const socket = join(folder, 'admin.sock');
  await gateway.adminListen(socket);
  const routes = async () => {
    const table = (await callAdmin(socket, '/v1/routes')).json<{ routes: { id: string }[] }>();
    return table.routes.map(({ id }) => id);
  };
  return { folder, path, gateway, errors, toText: (...ids) => toText(upstream.port, ...ids), routes };
}

test('a file that is renamed over the old one', async () => {
  const { path, toText: text, routes } = await start();
  writeFileSync(`${path}.new`, text('one', 'two'));
  renameSync(`${path}.new`, path);
  await expect.poll(routes).toEqual(['one', 'two']);
});

test('a file that an editor moves away and writes anew, in pieces', async () => {
  const { path, toText: text, routes, errors } = await start();
  renameSync(path, `${path}~`);
  const whole = text('one', 'two', 'three');
  writeFileSync(path, whole.slice(0, 60));
  await new Promise((resolve) => setTimeout(resolve, 50));
  writeFileSync(path, whole.slice(60), { flag: 'a' });
  await expect.poll(routes).toEqual(['one', 'two', 'three']);
  expect(errors).toEqual([]);
});

test('a link that is swapped above it, as Kubernetes does', async () => {
  const mounted = await start((folder, text) => {
    for (const version of ['v1', 'v2']) mkdirSync(join(folder, version));
    writeFileSync(join(folder, 'v1', 'gateway.yaml'), text);
    symlinkSync('v1', join(folder, '..data'));
    symlinkSync('..data/gateway.yaml', join(folder, 'gateway.yaml'));
    return join(folder, 'gateway.yaml');
  });
  const { folder, toText: text, routes } = mounted;
  writeFileSync(join(folder, 'v2', 'gateway.yaml'), text('one', 'two'));
  symlinkSync('v2', join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  await expect.poll(routes).toEqual(['one', 'two']);
});

test('a bad file changes nothing and is said once; a missing one too; the next good one is taken', async () => {
  const { path, toText: text, routes, errors, gateway } = await start();
  const events: string[] = [];
  gateway.on('config', ({ origin, outcome }) => events.push(`${origin} ${outcome}`));
  writeFileSync(path, text('one').replace('upstream: app', 'upstream: ap'));
  await expect.poll(() => errors.length).toBe(1);
  expect(errors[0]).toContain('line 5');
  expect(await routes()).toEqual(['one']);
  unlinkSync(path);
  await expect.poll(() => errors.length).toBe(2);
  expect(errors[1]).toContain('ENOENT');
  writeFileSync(path, text('two'));
  await expect.poll(routes).toEqual(['two']);
  expect(errors).toHaveLength(2);
  expect(events).toEqual(['file refused', 'file refused', 'file applied']);
});

test('what was applied through the admin API lasts until the file changes', async () => {
  const { folder, path, toText: text, routes } = await start();
  const socket = join(folder, 'admin.sock');
  await callAdmin(socket, '/v1/config', { method: 'PUT', body: text('api'), headers: { 'if-match': '*' } });
  expect(await routes()).toEqual(['api']);
  const shown = () => callAdmin(socket, '/v1/config').then((answer) => answer.json<{ file: object }>().file);
  expect(await shown()).toEqual({ path, isInForce: false });
  await callAdmin(socket, '/v1/config/reload', { method: 'POST' });
  expect(await routes()).toEqual(['one']);
  expect(await shown()).toEqual({ path, isInForce: true });
  writeFileSync(path, text('file'));
  await expect.poll(routes).toEqual(['file']);
});

test(
  'the program takes SIGHUP as the word to look now, and survives a bad file',
  async () => {
    const upstream = await startUpstream((_req, res) => res.end('ok'));
    const program = startProgram(toText(upstream.port, 'one'), ['--admin-socket', 'FOLDER/admin.sock']);
    await portOf(program);
    const path = join(program.folder, 'gateway.yaml');
    writeFileSync(path, 'nonsense');
    program.child.kill('SIGHUP');
    await expect.poll(program.output).toContain('configuration refused');
    writeFileSync(path, toText(upstream.port, 'two'));
    program.child.kill('SIGHUP');
    await expect.poll(program.output).toContain('configuration replaced');
    const table = await callAdmin(join(program.folder, 'admin.sock'), '/routes');
    expect(table.json()).toMatchObject({ routes: [{ id: 'two' }] });
  },
  PROGRAM_TEST_MS,
);
