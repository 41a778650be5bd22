import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { collectTar } from './collectTar.ts';
import {
  createEngineClient,
  type EngineClient,
  serviceSpec,
  startTestEngine,
  type TestEngine,
} from './engineClient.ts';

let engine: TestEngine;
const folder = mkdtempSync(join(tmpdir(), 'gs-x-'));
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  const { body } = await engine.call('GET', '/containers/json?all=1');
  for (const { Id } of body) await engine.call('DELETE', `/containers/${Id}?force=1`);
});

const search = serviceSpec('search', 'http://localhost:8002/health');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function startSleep(client: EngineClient, id: string, seconds = '300'): Promise<string> {
  const { body } = await client.call('POST', `/containers/${id}/exec`, { Cmd: ['sleep', seconds] });
  const started = await client.call('POST', `/exec/${body.Id}/start`, { Detach: true });
  if (started.status !== 200) throw new Error(started.text);
  return body.Id;
}

test('kill -9 of the engine ends the commands of its containers too', async () => {
  const program = fileURLToPath(new URL('engineProgram.ts', import.meta.url));
  const socketPath = join(folder, 'own.sock');
  const own = spawn(process.execPath, [program, '--socket', socketPath], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(own.stdout, 'data');
  const client = createEngineClient(socketPath, `${socketPath}.d`);
  const id = await client.run('a', search);
  const exec = await startSleep(client, id);
  const { Pid } = (await client.call('GET', `/exec/${exec}/json`)).body;
  expect(isAlive(Pid)).toBe(true);
  own.kill('SIGKILL');
  await expect.poll(() => isAlive(Pid), { timeout: 5_000 }).toBe(false);
});

test('a client that goes takes the input of its command along, and so its end', async () => {
  const id = await engine.run('a', search);
  const { body } = await engine.call('POST', `/containers/${id}/exec`, {
    Cmd: ['cat'],
    AttachStdin: true,
    AttachStdout: true,
  });
  const socket = connect(engine.socketPath).on('error', () => {});
  socket.write(
    `POST /exec/${body.Id}/start HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}typed`,
  );
  const [first] = await once(socket, 'data');
  expect(String(first)).toMatch(/^HTTP\/1\.1 101 UPGRADED\r\n/);
  socket.destroy();
  const running = async () => (await engine.call('GET', `/exec/${body.Id}/json`)).body.Running;
  await expect.poll(running, { timeout: 5_000 }).toBe(false);
});

test('a container has sixteen commands under way, and no more', async () => {
  const id = await engine.run('a', search);
  for (let count = 0; count < 16; count += 1) await startSleep(engine, id);
  await expect(startSleep(engine, id)).rejects.toThrow('has 16 execs under way');
  expect((await engine.call('DELETE', `/containers/${id}?force=1`)).status).toBe(204);
});

test.each([
  ['a chunked body', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 411/],
  ['a body over the limit', 'Content-Length: 99999999\r\n\r\n', /^HTTP\/1\.1 413/],
  ['a body that is not JSON', 'Content-Length: 1\r\n\r\n{', /^HTTP\/1\.1 400/],
  ['a body that ends too soon', 'Content-Length: 9\r\n\r\n{', /^HTTP\/1\.1 400/],
])('an upgrade with %s is answered, and the engine goes on', async (_, rest, expected) => {
  const id = await engine.run('a', search);
  const { body } = await engine.call('POST', `/containers/${id}/exec`, { Cmd: ['true'] });
  const socket = connect({ path: engine.socketPath, allowHalfOpen: true }).on('error', () => {});
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  socket.end(`POST /exec/${body.Id}/start HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n${rest}`);
  await once(socket, 'end');
  socket.destroy();
  expect(answer).toMatch(expected);
  expect((await engine.call('GET', '/_ping')).status).toBe(200);
});

test('the environment of an exec does not load code, and does not change what the engine says', async () => {
  const id = await engine.run('a', search);
  const Env = ['NODE_OPTIONS=--import=/tmp/evil.mjs', 'PATH=/evil', 'GATEHOUSE_PORTS={}', 'MINE=1'];
  const { body } = await engine.call('POST', `/containers/${id}/exec`, { Cmd: ['env'], Env, AttachStdout: true });
  const { text } = await engine.call('POST', `/exec/${body.Id}/start`, {});
  expect(text).toContain('MINE=1');
  expect(text).not.toMatch(/evil|GATEHOUSE_PORTS=\{\}/);
});

test('an archive does not write through a link, and makes none', async () => {
  const mounted = join(folder, 'mounted');
  const outside = join(folder, 'outside');
  mkdirSync(mounted);
  mkdirSync(outside);
  writeFileSync(join(outside, 'kept'), 'as it was');
  symlinkSync(outside, join(mounted, 'folder'));
  symlinkSync(join(outside, 'kept'), join(mounted, 'file'));
  await engine.call('POST', '/containers/create?name=a', { ...search, HostConfig: { Binds: [`${mounted}:/data`] } });
  const put = async (files: Record<string, string>, link?: { name: string; to: string }) =>
    (await engine.send('PUT', '/containers/a/archive?path=/data', collectTar(files, link))).status;
  expect(await put({ 'folder/new': 'x' })).toBe(400);
  expect(await put({ 'folder/deep/new': 'x' })).toBe(400);
  expect(await put({ file: 'x' })).toBeGreaterThanOrEqual(400);
  expect(await put({}, { name: 'link', to: '/etc' })).toBe(400);
  expect(readdirSync(outside)).toEqual(['kept']);
  expect(readFileSync(join(outside, 'kept'), 'utf8')).toBe('as it was');
  expect(await put({ 'sub/fine': 'y' })).toBe(200);
  expect(readFileSync(join(mounted, 'sub', 'fine'), 'utf8')).toBe('y');
});

test('a volume of another driver is refused', async () => {
  expect((await engine.call('POST', '/volumes/create', { Name: 'v', Driver: 'nope' })).status).toBe(404);
  expect((await engine.call('POST', '/volumes/create', { Name: '..' })).status).toBe(400);
});
