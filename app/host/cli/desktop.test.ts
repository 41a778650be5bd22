import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findElectron, toServeArguments, whyNoWindow, whyWindowFailed } from './desktop.ts';

const EVERYTHING = { hasDisplay: true, isLinuxRoot: false, hasElectron: true, isBuilt: true };

test.each<[lacking: Partial<typeof EVERYTHING>, why: string | undefined]>([
  [{}, undefined],
  [{ hasDisplay: false }, 'there is no display'],
  [{ hasDisplay: false, isLinuxRoot: true, hasElectron: false, isBuilt: false }, 'there is no display'],
  [{ isLinuxRoot: true }, 'Electron does not run as root'],
  [{ hasElectron: false }, "Electron's program is not installed"],
  [{ isBuilt: false }, 'the window is not built; run `npm run build`'],
])('with %j there is no window: %s', (lacking, why) => {
  expect(whyNoWindow({ ...EVERYTHING, ...lacking })).toBe(why);
});

test.each<[signal: NodeJS.Signals | null, afterMs: number, fails: boolean]>([
  ['SIGTRAP', 300, true],
  ['SIGABRT', 300, true],
  ['SIGTRAP', 60_000, false],
  ['SIGTERM', 300, false],
  ['SIGKILL', 300, false],
  [null, 300, false],
])('a window that ended with %s after %i ms could not be opened: %s', (signal, afterMs, fails) => {
  expect(whyWindowFailed(signal, afterMs) !== undefined).toBe(fails);
});

test('an Electron that lies elsewhere is found without asking its package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-electron-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toBeUndefined();
  writeFileSync(join(folder, 'electron'), '');
  expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toBe(join(folder, 'electron'));
});

test('the window hands the options of its host on', () => {
  const options = {
    port: 7788,
    open: true,
    engine: 'sandbox',
    stack: '/my stack',
    readOnly: true,
    logLevel: 'info',
  } as const;
  const expected = ['--engine', 'sandbox', '--log-level', 'info', '--stack', '/my stack', '--read-only'];
  expect(toServeArguments(options)).toEqual(expected);
  expect(toServeArguments({ ...options, port: 7790 })).toEqual(expect.arrayContaining(['--port', '7790']));
});
