import { expect, test } from 'vitest';
import { GO_CHANNEL } from '../bridge.ts';
import type { StateReport } from '../stateReport.ts';
import { createEvent, type FakeElectron } from './fakeElectron.ts';
import { hasExited, shownPage, startTestDesktop, type TestDesktopOptions } from './startTestDesktop.ts';

const PLACE = 'docker~shop';
const REPORT: StateReport = {
  environment: PLACE,
  name: 'Shop',
  mode: 'prod',
  level: 'ok',
  headline: 'All is well',
  cause: '',
  alerts: [],
};

async function startAtConsole(options: TestDesktopOptions = {}) {
  const desktop = startTestDesktop({ ...options, parts: { groupMs: 1, ...options.parts } });
  const url = await shownPage(desktop.electron, 'http:');
  const report = (change: Partial<StateReport>) =>
    desktop.electron.invoke('gatehouse:reportState', { url, parent: null }, { ...REPORT, ...change });
  return { ...desktop, url, report };
}

const clickTray = ({ tray }: FakeElectron, id: string) =>
  (tray.menu.find((item) => item.id === id)?.click as (() => void) | undefined)?.();
const clickMenu = ({ menu }: FakeElectron, id: string) => {
  const items = menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  (items.find((item) => item.id === id)?.click as (() => void) | undefined)?.();
};

test('the tray is unknown until a page has told, shows the verdict, and is unknown again without a host', async () => {
  const { electron, report } = await startAtConsole({ parts: { policy: { delaysMs: [], healthyMs: 60_000 } } });
  expect(electron.tray.icon).toBe('/product/icons/tray-unknown.png');
  await report({ level: 'down', headline: 'search is down', cause: 'out of memory' });
  expect(electron.tray.icon).toBe('/product/icons/tray-down.png');
  expect(electron.tray.menu.slice(0, 2).map(({ label }) => label)).toEqual(['Shop: search is down', 'out of memory']);
  await fetch(new URL('/crash', electron.window.contents.url)).catch(() => undefined);
  await shownPage(electron, 'data:');
  expect(electron.tray.icon).toBe('/product/icons/tray-unknown.png');
  expect(electron.tray.tooltip).toContain('does not run');
});

test('of two environments the tray shows the one that is worse', async () => {
  const { electron, report } = await startAtConsole();
  await report({ level: 'degraded', headline: 'slow' });
  await report({ environment: 'docker~blog', name: 'Blog' });
  expect(electron.tray.tooltip).toContain('Shop: slow');
});

test('only the console itself may tell how it is', async () => {
  const { electron } = await startAtConsole();
  const frame = { url: 'http://127.0.0.1:1/', parent: null };
  await expect(electron.invoke('gatehouse:reportState', frame, REPORT)).rejects.toThrow('may not call');
});

test('what goes wrong is one notification, which a click follows; who looks at it is spared', async () => {
  const { electron, report, url } = await startAtConsole();
  await report({});
  await report({ level: 'down', alerts: [{ kind: 'serviceDown', subject: '<b>search</b>' }] });
  await expect.poll(() => electron.notifications.map(({ title }) => title)).toEqual(['Shop: b search /b is down']);
  electron.notifications[0]?.emit('click');
  expect(electron.named('contents.send')).toEqual([[GO_CHANNEL, `/env/${PLACE}/services`]]);

  electron.window.contents.url = new URL(`/env/${PLACE}/services`, url).href;
  electron.window.state.isFocused = true;
  await report({ level: 'down', alerts: [{ kind: 'breakerOpen', subject: 'search' }] });
  await report({ environment: 'docker~blog', name: 'Blog' });
  await report({ environment: 'docker~blog', name: 'Blog', alerts: [{ kind: 'serviceDown', subject: 'db' }] });
  await expect.poll(() => electron.notifications.at(-1)?.title).toBe('Blog: db is down');
  expect(electron.notifications).toHaveLength(2);
});

test('the tray turns notifications off, and that is kept', async () => {
  const { electron, report, folder } = await startAtConsole();
  clickTray(electron, 'notifications');
  await report({});
  await report({ alerts: [{ kind: 'serviceDown', subject: 'search' }] });
  // The next one takes the same port.
  electron.quit();
  await hasExited(electron);
  const again = startTestDesktop({ folder });
  await shownPage(again.electron, 'http:');
  expect(again.electron.tray.menu.find(({ id }) => id === 'notifications')?.checked).toBe(false);
  expect(electron.notifications).toEqual([]);
});

test('a link at the start is where the console opens, with its code', async () => {
  const { url } = await startAtConsole({ parts: { programArguments: ['.', `gatehouse://open/${PLACE}/traffic`] } });
  expect(url).toMatch(/\/env\/docker~shop\/traffic#code=ABCD-EFGH$/);
});

test.each([
  ['a second start', (electron: FakeElectron, link: string) => electron.app.emit('second-instance', {}, ['x', link])],
  ['macOS', (electron: FakeElectron, link: string) => electron.app.emit('open-url', createEvent(), link)],
])('a link of %s goes to its view, and a hostile one nowhere', async (_name, send) => {
  const { electron } = await startAtConsole();
  send(electron, `gatehouse://open/${PLACE}/breakers`);
  send(electron, `gatehouse://open/${PLACE}/stack?plan=down&with=volumes`);
  send(electron, 'gatehouse://evil.com/');
  expect(electron.named('contents.send')).toEqual([[GO_CHANNEL, `/env/${PLACE}/breakers`]]);
  expect(electron.window.state.focused).toBe(3);
});

test('links are taken over by an installed program alone', async () => {
  const checkout = await startAtConsole();
  expect(checkout.electron.named('app.setAsDefaultProtocolClient')).toEqual([]);
  const installed = await startAtConsole({ isPackaged: true });
  expect(installed.electron.named('app.setAsDefaultProtocolClient')).toEqual([['gatehouse']]);
});

test('a second window opens beside the first, at its place, without a code, and fenced in', async () => {
  const { electron, url } = await startAtConsole();
  electron.window.contents.url = new URL('/env/a~b/traffic', url).href;
  electron.window.bounds = { x: 10, y: 10, width: 1200, height: 800 };
  clickMenu(electron, 'new-window');
  await expect.poll(() => electron.windows[1]?.contents.url).toBe(new URL('/env/a~b/traffic', url).href);
  const second = electron.windows[1];
  expect(second?.options).toMatchObject({ x: 42, y: 42, width: 1200, height: 800 });
  expect(second?.options.webPreferences).toEqual(electron.window.options.webPreferences);
  expect(second?.contents.tries('will-navigate', 'https://evil.com/')).toBe(false);
});

test('every window is told of a crash, and comes back with the host; one code is for one of them', async () => {
  const { electron, url } = await startAtConsole();
  clickMenu(electron, 'new-window');
  await expect.poll(() => electron.windows[1]?.contents.url).toBe(new URL('/', url).href);
  const before = electron.named('window.loadURL').length;
  await fetch(new URL('/crash', url)).catch(() => undefined);
  const later = () =>
    electron
      .named('window.loadURL')
      .slice(before)
      .map(([address]) => String(address));
  await expect.poll(later, { timeout: 10_000 }).toHaveLength(2);
  expect(later().filter((address) => address.includes('#code='))).toHaveLength(1);
});

test('closing one of two windows ends nothing; the last one stays in the tray when that is asked for', async () => {
  const { electron } = await startAtConsole();
  clickTray(electron, 'keepRunning');
  clickMenu(electron, 'new-window');
  electron.windows[1]?.close();
  expect(electron.windows[1]?.state.isDestroyed).toBe(true);
  electron.window.close();
  expect(electron.window.state).toMatchObject({ isDestroyed: false, isShown: false });
  clickTray(electron, 'open');
  expect(electron.window.state.isShown).toBe(true);
});

test('looking for updates is said in words', async () => {
  const { electron } = await startAtConsole();
  clickMenu(electron, 'updates');
  await expect
    .poll(() => electron.named('dialog.showMessageBox')[0]?.[0])
    .toMatchObject({
      message: 'Looking for updates is turned off.',
    });
});
