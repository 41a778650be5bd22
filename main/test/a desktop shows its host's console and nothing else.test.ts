import { expect, test } from 'vitest';
import { GO_CHANNEL } from '../bridge.ts';
import { createEvent } from './fakeElectron.ts';
import { shownPage, startTestDesktop, type TestDesktop } from './startTestDesktop.ts';

async function startAtConsole(): Promise<TestDesktop & { url: string }> {
  const desktop = startTestDesktop();
  return { ...desktop, url: await shownPage(desktop.electron, 'http:') };
}

test('the window is made with every setting that decides what a page may do', async () => {
  const { electron, url } = await startAtConsole();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=ABCD-EFGH$/);
  expect(electron.windows).toHaveLength(1);
  expect(electron.window.options).toEqual({
    title: 'Gatehouse',
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    backgroundColor: '#0d1014',
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: '/product/dist/main/preload.cjs',
      partition: 'persist:console',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      plugins: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: true,
    },
  });
  expect(electron.window.state.isShown).toBe(true);
});

test('an installed window has no developer tools', async () => {
  const { electron } = startTestDesktop({ isPackaged: true });
  await shownPage(electron, 'http:');
  expect(electron.window.options.webPreferences?.devTools).toBe(false);
  expect(JSON.stringify(electron.menu)).not.toContain('toggleDevTools');
});

test('every page is sandboxed, and the session is fenced in before anything is loaded', async () => {
  const { electron } = await startAtConsole();
  const names = electron.calls.map(([name]) => name);
  const order = [
    'app.setPath',
    'app.enableSandbox',
    'session.fromPartition',
    'session.setSpellCheckerEnabled',
    'webRequest.onHeadersReceived',
    'new BrowserWindow',
    'window.loadURL',
  ].map((name) => names.indexOf(name));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(electron.named('session.fromPartition')).toEqual([['persist:console']]);
  expect(electron.named('session.setSpellCheckerEnabled')).toEqual([[false]]);
});

test('the page may go about in the console, and nowhere else', async () => {
  const { electron, url } = await startAtConsole();
  const { contents } = electron.window;
  const inside = new URL('/env/sandbox~shop-platform/routes', url).href;
  for (const event of ['will-navigate', 'will-redirect'] as const) {
    expect(contents.tries(event, inside)).toBe(true);
    for (const target of ['https://evil.com/', 'file:///etc/passwd', 'javascript:alert(1)', 'http://127.0.0.1:1/']) {
      expect(contents.tries(event, target), target).toBe(false);
    }
  }
  expect(electron.named('shell.openExternal')).toEqual([]);
});

test('documentation opens in the browser, by a click alone', async () => {
  const { electron } = await startAtConsole();
  const { contents } = electron.window;
  const page = 'https://docs.docker.com/compose/';
  expect(contents.tries('will-redirect', page)).toBe(false);
  expect(electron.named('shell.openExternal')).toEqual([]);
  expect(contents.tries('will-navigate', page)).toBe(false);
  expect(contents.openHandler?.({ url: page } as never)).toEqual({ action: 'deny' });
  expect(electron.named('shell.openExternal')).toEqual([[page], [page]]);
});

test('no page opens a window, a frame or a webview', async () => {
  const { electron, url } = await startAtConsole();
  const { contents } = electron.window;
  expect(contents.openHandler?.({ url } as never)).toEqual({ action: 'deny' });
  expect(contents.tries('will-frame-navigate', url, false)).toBe(false);
  expect(contents.tries('will-frame-navigate', url, true)).toBe(true);
  const attach = createEvent();
  contents.emit('will-attach-webview', attach);
  expect(attach.defaultPrevented).toBe(true);
  expect(await electron.session.isRefused({ url, resourceType: 'subFrame', responseHeaders: {} })).toBe(true);
});

test('permissions are denied, but for copying from the console itself', async () => {
  const { electron, url } = await startAtConsole();
  const { requestHandler, checkHandler, deviceHandler } = electron.session;
  const ask = (permission: string, requestingUrl = url, isMainFrame = true) => {
    let granted: boolean | undefined;
    requestHandler?.({} as never, permission as never, (answer) => (granted = answer), { requestingUrl, isMainFrame });
    const checked = checkHandler?.(null, permission as never, requestingUrl, { isMainFrame });
    return [granted, checked];
  };
  expect(ask('clipboard-sanitized-write')).toEqual([true, true]);
  expect(ask('clipboard-sanitized-write', 'http://127.0.0.1:1/')).toEqual([false, false]);
  expect(ask('clipboard-sanitized-write', url, false)).toEqual([false, false]);
  for (const permission of ['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'of-tomorrow']) {
    expect(ask(permission), permission).toEqual([false, false]);
  }
  expect(deviceHandler?.({ deviceType: 'usb', origin: url } as never)).toBe(false);
});

test('the console saves its own exports, and nothing else is downloaded', async () => {
  const { electron, url } = await startAtConsole();
  const download = (address: string) => {
    const event = createEvent();
    electron.session.emit('will-download', event, { getURL: () => address });
    return !event.defaultPrevented;
  };
  expect(download(`blob:${new URL(url).origin}/8c1f`)).toBe(true);
  expect(download('https://evil.com/run.exe')).toBe(false);
  expect(download('data:application/octet-stream,x')).toBe(false);
});

test('a second start brings the window to the front', async () => {
  const { electron } = await startAtConsole();
  electron.window.state.isMinimized = true;
  electron.app.emit('second-instance');
  expect(electron.window.state).toMatchObject({ isMinimized: false, isShown: true, focused: 1 });
  expect(electron.windows).toHaveLength(1);
});

test('the second one itself ends at once, without a host', () => {
  const { electron, ports } = startTestDesktop({ isSecond: true });
  expect(electron.named('app.exit')).toEqual([[0]]);
  expect([electron.windows, ports]).toEqual([[], []]);
});

test('the menu goes to the views of the environment that is shown', async () => {
  const { electron, url } = await startAtConsole();
  const find = (id: string) =>
    electron.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : [])).find((item) => item.id === id) as
      | { enabled?: boolean; click?: () => void }
      | undefined;
  expect(find('go-routes')?.enabled).toBe(false);
  electron.window.contents.url = new URL('/env/sandbox~shop-platform/overview', url).href;
  electron.window.contents.emit('did-navigate-in-page');
  expect(find('go-routes')?.enabled).toBe(true);
  find('go-routes')?.click?.();
  expect(electron.named('contents.send')).toEqual([[GO_CHANNEL, '/env/sandbox~shop-platform/routes']]);
  find('documentation')?.click?.();
  expect(electron.named('shell.openPath')).toEqual([['/product/README.md']]);
});

test('what cannot be opened is said', async () => {
  const { electron, url } = await startAtConsole();
  electron.openPathAnswer = 'no program for it';
  await electron.invoke('gatehouse:openLogFolder', { url, parent: null });
  expect(electron.named('dialog.showErrorBox')[0]?.[1]).toContain('no program for it');
});

test('the console may call what is its own over the bridge, with the right input', async () => {
  const { electron, url } = await startAtConsole();
  const frame = { url, parent: null };
  await electron.invoke('gatehouse:setAppearance', frame, 'light');
  expect(electron.nativeTheme.themeSource).toBe('light');
  expect(electron.window.backgroundColor).toBe('#f5f6f8');
  await expect(electron.invoke('gatehouse:setAppearance', frame, 'pink')).rejects.toThrow('dark, light, auto');
  await expect(electron.invoke('gatehouse:setAppearance', null, 'dark')).rejects.toThrow('may not call');
  await expect(electron.invoke('gatehouse:setAppearance', { url, parent: {} }, 'dark')).rejects.toThrow('may not call');
  await expect(electron.invoke('gatehouse:quit', frame)).rejects.toThrow('may not call quit');
  await expect(electron.invoke('gatehouse:restartHost', frame)).rejects.toThrow('may not call restartHost');
  await expect(electron.invoke('gatehouse:openLogFolder', frame, 'x')).rejects.toThrow('takes no input');
  expect(electron.nativeTheme.themeSource).toBe('light');
});
