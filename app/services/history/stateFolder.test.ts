import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { ensureStateFolder, findStateFolder, type StateMachine } from './stateFolder.ts';

test.each<[string, Partial<StateMachine>, string]>([
  ['Linux', {}, '/home/op/.local/state/gatehouse'],
  ['Linux with XDG', { env: { XDG_STATE_HOME: '/state' } }, '/state/gatehouse'],
  ['macOS', { platform: 'darwin' }, '/home/op/Library/Application Support/Gatehouse'],
  ['said by the user', { env: { GATEHOUSE_STATE_DIR: '/mine', XDG_STATE_HOME: '/state' } }, '/mine'],
])('%s', (_, given, folder) => {
  expect(findStateFolder({ env: {}, homeFolder: '/home/op', platform: 'linux', ...given })).toBe(folder);
});

test.skipIf(process.platform === 'win32')('the folder is made for its user alone', () => {
  const folder = join(temporaryFolder(), 'a', 'b');
  ensureStateFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test.skipIf(process.platform === 'win32')('a folder that others can write to is refused with the remedy', () => {
  const folder = join(temporaryFolder(), 'open');
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  expect(() => ensureStateFolder(folder)).toThrow(/can be written to by other users; run `chmod 700`/);
});
