// The desktop window. It starts the host, shows it, and ends it; everything else is the console's, as in a browser.
import { app, BrowserWindow, dialog, type Session, shell, type WebContents } from 'electron';
import { createHostCommand } from './hostCommand.ts';
import { type HostProcess, startHostProcess } from './hostProcess.ts';
import { decideNavigation } from './navigation.ts';

function createWindow(): BrowserWindow {
  return new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    // The console's own background, so that nothing flashes before its first frame.
    backgroundColor: '#0b0e13',
    autoHideMenuBar: true,
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false },
  });
}

/** The console needs no permission but the clipboard, which its copy buttons write. */
function denyPermissions(session: Session): void {
  const isGranted = (permission: string) => permission === 'clipboard-sanitized-write';
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(isGranted(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isGranted(permission));
}

function fenceIn(contents: WebContents, hostUrl: string): void {
  const leave = (target: string) => {
    if (decideNavigation(target, hostUrl) === 'browser') void shell.openExternal(target);
  };
  contents.setWindowOpenHandler(({ url }) => {
    leave(url);
    return { action: 'deny' };
  });
  for (const event of ['will-navigate', 'will-redirect'] as const) {
    contents.on(event as 'will-navigate', (details) => {
      if (decideNavigation(details.url, hostUrl) === 'inside') return;
      details.preventDefault();
      leave(details.url);
    });
  }
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

async function show(host: HostProcess): Promise<void> {
  const url = await host.entryUrl;
  const window = createWindow();
  denyPermissions(window.webContents.session);
  fenceIn(window.webContents, url);
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  await window.loadURL(url);
}

function run(): void {
  const { env: environment, platform, resourcesPath } = process;
  const host = startHostProcess(createHostCommand({ environment, platform, resourcesPath }));
  let isQuitting = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (isQuitting) return;
    isQuitting = true;
    // The sandbox's processes end before the window's does.
    event.preventDefault();
    void host.stop().finally(() => app.exit(0));
  });
  void host.ended.then(() => {
    if (isQuitting) return;
    isQuitting = true;
    dialog.showErrorBox('Gatehouse has stopped', 'Its host ended. Start Gatehouse again; `gatehouse serve` shows why.');
    app.exit(1);
  });
  app
    .whenReady()
    .then(() => show(host))
    // A host that ends before it is ready is told by `ended`.
    .catch(() => app.quit());
}

if (app.requestSingleInstanceLock()) run();
else app.exit(0);
