import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findElectron, toServeArguments, whyNoWindow } from './desktop.ts';

test.each<[hasDisplay: boolean, hasElectron: boolean, isBuilt: boolean, why: string | undefined]>([
  [true, true, true, undefined],
  [false, true, true, 'there is no display'],
  [false, false, false, 'there is no display'],
  [true, false, true, "Electron's program is not installed"],
  [true, true, false, 'the window is not built; run `npm run build`'],
])('display %s, Electron %s, built %s: %s', (hasDisplay, hasElectron, isBuilt, why) => {
  expect(whyNoWindow({ hasDisplay, hasElectron, isBuilt })).toBe(why);
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
