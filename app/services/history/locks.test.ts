import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { createHistory } from './history.ts';
import { takeLock } from './locks.ts';

function open(folder: string) {
  const history = createHistory({ folder, now: Date.now });
  onTestFinished(() => history.close());
  return history;
}

/** Another process that takes the lock of `shop`, says so, and then does `next`. */
const program = (folder: string, next: string) => `
  const { createHistory } = await import(${JSON.stringify(new URL('./history.ts', import.meta.url).href)});
  const { takeLock } = await import(${JSON.stringify(new URL('./locks.ts', import.meta.url).href)});
  const lock = takeLock(createHistory({ folder: ${JSON.stringify(folder)}, now: Date.now }), 'shop', Date.now);
  console.log('taken');
  ${next}`;

test('a place is taken until it is released, and others are not', () => {
  const history = open(temporaryFolder());
  const lock = takeLock(history, 'shop', Date.now);
  expect(takeLock(history, 'other', Date.now)).toHaveProperty('release');
  if ('release' in lock) lock.release();
  expect(takeLock(history, 'shop', Date.now)).toHaveProperty('release');
});

test('another process that lives holds it; one that was killed does not', async () => {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(folder, 'setInterval(() => {}, 1000);')]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const history = open(folder);
  expect(takeLock(history, 'shop', Date.now)).toEqual({ heldBy: child.pid });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await vi.waitFor(() => expect(takeLock(history, 'shop', Date.now)).toHaveProperty('release'));
});

test('a process that ended without a word leaves no lock behind', () => {
  const folder = temporaryFolder();
  spawnSync(process.execPath, ['--input-type=module', '-e', program(folder, "process.kill(process.pid, 'SIGKILL');")]);
  expect(takeLock(open(folder), 'shop', Date.now)).toHaveProperty('release');
});
