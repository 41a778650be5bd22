import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasExited, isGone, readPid, shownPage, startTestDesktop, temporaryFolder } from './startTestDesktop.ts';

const stateFile = (folder: string) => join(folder, 'userData', 'desktop.json');

function remember(state: object): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'userData'));
  writeFileSync(stateFile(folder), JSON.stringify(state));
  return folder;
}

test('quitting ends the host first, then the program', async () => {
  const { electron } = startTestDesktop();
  const pid = await readPid(await shownPage(electron, 'http:'));
  electron.quit();
  await hasExited(electron);
  // Gone already: nothing has to be waited for.
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(electron.named('app.exit')).toEqual([[0]]);
});

test('a host that does not listen is ended by force after three seconds', async () => {
  const { electron } = startTestDesktop({ mode: 'stubborn' });
  const pid = await readPid(await shownPage(electron, 'http:'));
  const began = performance.now();
  electron.quit();
  await hasExited(electron);
  expect(performance.now() - began).toBeGreaterThan(3000);
  await isGone(pid);
});

test('a crash while quitting starts nothing', async () => {
  const { electron, ports } = startTestDesktop();
  const pid = await readPid(await shownPage(electron, 'http:'));
  electron.quit();
  process.kill(pid, 'SIGKILL');
  await hasExited(electron);
  expect(ports).toHaveLength(1);
});

test('closing the window ends the program, but on macOS hides it until the Dock brings it back', async () => {
  const mac = startTestDesktop({ parts: { platform: 'darwin' } }).electron;
  await shownPage(mac, 'http:');
  mac.window.close();
  expect(mac.window.state).toMatchObject({ isShown: false, isDestroyed: false });
  mac.app.emit('activate');
  expect(mac.window.state.isShown).toBe(true);

  const { electron } = startTestDesktop();
  await shownPage(electron, 'http:');
  electron.window.close();
  electron.app.emit('window-all-closed');
  await hasExited(electron);
});

test('place, size and port are found again at the next start', async () => {
  const first = startTestDesktop();
  const url = new URL(await shownPage(first.electron, 'http:'));
  first.electron.window.bounds = { x: 40, y: 60, width: 1100, height: 700 };
  first.electron.window.state.isMaximized = true;
  first.electron.quit();
  await hasExited(first.electron);

  const { electron, ports } = startTestDesktop({ folder: first.folder });
  expect(new URL(await shownPage(electron, 'http:')).port).toBe(url.port);
  expect(ports).toEqual([Number(url.port)]);
  expect(electron.window.options).toMatchObject({ x: 40, y: 60, width: 1100, height: 700 });
  expect(electron.window.state.isMaximized).toBe(true);
  expect(electron.named('session.clearStorageData')).toEqual([]);
});

test('a window that is moved is written down without waiting for its end', async () => {
  const { electron, folder } = startTestDesktop();
  await shownPage(electron, 'http:');
  electron.window.bounds = { x: 7, y: 8, width: 1000, height: 700 };
  electron.window.emit('move');
  await expect.poll(() => readFileSync(stateFile(folder), 'utf8')).toContain('"x":7');
});

test('a display that is gone does not swallow the window', async () => {
  const folder = remember({ bounds: { x: -2000, y: 0, width: 1200, height: 800 } });
  const { electron } = startTestDesktop({ folder });
  await shownPage(electron, 'http:');
  expect(electron.window.options).toMatchObject({ width: 1200, height: 800 });
  expect(electron.window.options.x).toBeUndefined();
});

test('a port that is taken is given up for any other, and what was stored under it is cleared', async () => {
  const folder = remember({ port: 4999 });
  const { electron, ports } = startTestDesktop({ folder, mode: 'port-taken' });
  const url = await shownPage(electron, 'http:');
  expect(ports).toEqual([4999, 0]);
  expect(electron.named('session.clearStorageData')).toHaveLength(1);
  expect(JSON.parse(readFileSync(stateFile(folder), 'utf8'))).toMatchObject({ port: Number(new URL(url).port) });
});

test.each([
  ['light', false, 'light', '#f5f6f8'],
  ['auto', true, 'system', '#0d1014'],
  ['auto', false, 'system', '#f5f6f8'],
  [undefined, false, 'system', '#0d1014'],
])('appearance %s on a system that is dark: %s', async (appearance, isSystemDark, themeSource, colour) => {
  const { electron } = startTestDesktop({ folder: remember({ appearance }), isSystemDark });
  await shownPage(electron, 'http:');
  expect(electron.nativeTheme.themeSource).toBe(themeSource);
  expect(electron.window.options.backgroundColor).toBe(colour);
});

test('the background follows a system that turns dark', async () => {
  const { electron } = startTestDesktop({ folder: remember({ appearance: 'auto' }) });
  await shownPage(electron, 'http:');
  electron.nativeTheme.shouldUseDarkColors = true;
  electron.nativeTheme.emit('updated');
  expect(electron.window.backgroundColor).toBe('#0d1014');
});
