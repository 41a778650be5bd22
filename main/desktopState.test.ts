import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type DesktopState, FIRST_STATE, openDesktopState, parseDesktopState } from './desktopState.ts';

const STATE: DesktopState = {
  bounds: { x: -1920, y: 40, width: 1200, height: 800 },
  isMaximized: true,
  appearance: 'light',
  port: 43_117,
  notifications: false,
  quietUntil: 1_790_000_000_000,
  quietHours: { from: 1320, to: 420 },
  keepRunning: true,
  looksForUpdates: true,
};

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('what was written is read again', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'new', 'desktop.json');
  openDesktopState(path).change(STATE);
  expect(openDesktopState(path).current).toEqual(STATE);
  expect(readdirSync(join(folder, 'new'))).toEqual(['desktop.json']);
});

test.each(['', '{', 'null', '[]', '"text"', '7'])('a file that holds %j is as none', (text) => {
  expect(parseDesktopState(text)).toEqual(FIRST_STATE);
});

test.each<[wrong: object, right: Partial<DesktopState>]>([
  [{ bounds: { x: 0, y: 0, width: 0, height: 800 } }, { bounds: undefined }],
  [{ bounds: { x: 0, y: 0, width: 1200 } }, { bounds: undefined }],
  [{ bounds: { x: 0.5, y: 0, width: 1200, height: 800 } }, { bounds: undefined }],
  [{ bounds: { x: 1e9, y: 0, width: 1200, height: 800 } }, { bounds: undefined }],
  [{ bounds: { x: '0', y: 0, width: 1200, height: 800 } }, { bounds: undefined }],
  [{ bounds: null }, { bounds: undefined }],
  [{ isMaximized: 'yes' }, { isMaximized: false }],
  [{ appearance: 'pink' }, { appearance: undefined }],
  [{ port: 80 }, { port: 0 }],
  [{ port: 70_000 }, { port: 0 }],
  [{ port: '43117' }, { port: 0 }],
  [{ notifications: 'no' }, { notifications: true }],
  [{ quietUntil: -1 }, { quietUntil: 0 }],
  [{ quietUntil: 'for ever' }, { quietUntil: 0 }],
  [{ quietHours: { from: 0, to: 1440 } }, { quietHours: undefined }],
  [{ quietHours: 'always' }, { quietHours: undefined }],
  [{ keepRunning: 1 }, { keepRunning: false }],
  [{ looksForUpdates: 'yes' }, { looksForUpdates: false }],
])('what is wrong is replaced, the rest is kept: %j', (wrong, right) => {
  expect(parseDesktopState(JSON.stringify({ ...STATE, ...wrong }))).toEqual({ ...STATE, ...right });
});

test('a file that is far too large is not read', () => {
  const path = join(temporaryFolder(), 'desktop.json');
  writeFileSync(path, `${JSON.stringify(STATE)}${' '.repeat(5000)}`);
  expect(openDesktopState(path).current).toEqual(FIRST_STATE);
});

test('a place that cannot be written to keeps the state for this time', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const state = openDesktopState(join(file, 'desktop.json'));
  state.change({ port: 4000 });
  expect(state.current.port).toBe(4000);
});
