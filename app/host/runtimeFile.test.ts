import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ensureRuntimeFolder,
  findRunningHosts,
  type RunningHost,
  runtimeFolder,
  writeRuntimeFile,
} from './runtimeFile.ts';
import { temporaryFolder } from './test/startTestHost.ts';

/** No process has it: Linux ends at 2^22, macOS at 99998. */
const DEAD_PID = 2 ** 30;

function hostOn(port: number, pid = process.pid): RunningHost {
  return { url: `http://127.0.0.1:${port}`, port, pid, token: 'secret', startedAt: 1, version: '1.0.0' };
}

function freshFolder(): string {
  return join(temporaryFolder(), 'run');
}

test.each<[environment: NodeJS.ProcessEnv, folder: string]>([
  [{ GATEHOUSE_RUNTIME_DIR: '/a', XDG_RUNTIME_DIR: '/b' }, '/a'],
  [{ XDG_RUNTIME_DIR: '/b' }, join('/b', 'gatehouse')],
])('%j puts it at %s', (environment, folder) => {
  expect(runtimeFolder(environment)).toBe(folder);
});

test('a host is found by its file, which only its user can read', () => {
  const folder = freshFolder();
  writeRuntimeFile(folder, hostOn(7788));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'host-7788.json')).mode & 0o777).toBe(0o600);
  expect(findRunningHosts(folder)).toEqual([hostOn(7788)]);
});

test('several hosts have a file each, and each removes its own', () => {
  const folder = freshFolder();
  writeRuntimeFile(folder, hostOn(7790));
  const remove = writeRuntimeFile(folder, hostOn(7788));
  expect(findRunningHosts(folder).map(({ port }) => port)).toEqual([7788, 7790]);
  remove();
  expect(findRunningHosts(folder).map(({ port }) => port)).toEqual([7790]);
});

test('the file of a successor on the same port stays', () => {
  const folder = freshFolder();
  const remove = writeRuntimeFile(folder, hostOn(7788, DEAD_PID));
  writeRuntimeFile(folder, hostOn(7788));
  remove();
  expect(findRunningHosts(folder)).toHaveLength(1);
});

test('the file of a process that is gone is removed', () => {
  const folder = freshFolder();
  writeRuntimeFile(folder, hostOn(7788, DEAD_PID));
  expect(findRunningHosts(folder)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test('where there is no folder there is no host', () => {
  expect(findRunningHosts(freshFolder())).toEqual([]);
});

describe('what others could have planted is not believed', () => {
  test('a folder that others may enter', () => {
    const folder = freshFolder();
    writeRuntimeFile(folder, hostOn(7788));
    chmodSync(folder, 0o755);
    expect(findRunningHosts(folder)).toEqual([]);
    expect(() => ensureRuntimeFolder(folder)).toThrow(`${folder} is open to other users; run \`chmod 700\``);
  });

  test('a folder that is a link', () => {
    const folder = freshFolder();
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, folder);
    expect(() => ensureRuntimeFolder(folder)).toThrow('is not a directory');
  });

  test('a file that others may read', () => {
    const folder = freshFolder();
    writeRuntimeFile(folder, hostOn(7788));
    chmodSync(join(folder, 'host-7788.json'), 0o644);
    expect(findRunningHosts(folder)).toEqual([]);
  });

  test('a file that is a link is replaced and not followed', () => {
    const folder = freshFolder();
    mkdirSync(folder, { mode: 0o700 });
    const victim = join(temporaryFolder(), 'victim');
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, join(folder, 'host-7788.json'));
    expect(findRunningHosts(folder)).toEqual([]);
    writeRuntimeFile(folder, hostOn(7788));
    expect(statSync(victim).size).toBe('untouched'.length);
    expect(findRunningHosts(folder)).toHaveLength(1);
  });

  test.each<[what: string, text: string]>([
    ['no JSON', '{'],
    ['another address', JSON.stringify({ ...hostOn(7788), url: 'http://evil.com:7788' })],
    ['an address with userinfo', JSON.stringify({ ...hostOn(7788), url: 'http://127.0.0.1:7788@evil.com' })],
    ['a process group in place of a process', JSON.stringify({ ...hostOn(7788), pid: -1 })],
    ['far too much', JSON.stringify({ ...hostOn(7788), version: 'x'.repeat(10_000) })],
  ])('%s', (_what, text) => {
    const folder = freshFolder();
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'host-7788.json'), text, { mode: 0o600 });
    expect(findRunningHosts(folder)).toEqual([]);
    expect(existsSync(join(folder, 'host-7788.json'))).toBe(true);
  });
});
