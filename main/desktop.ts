// The desktop, put together: one window, one host, and what happens between them. main.ts passes Electron in; the tests
// pass a recording of it, so that all of this runs where Electron's program cannot.
import { dirname, join } from 'node:path';
import { answerBridge } from './answerBridge.ts';
import { GO_CHANNEL } from './bridge.ts';
import { type DesktopStateFile, openDesktopState } from './desktopState.ts';
import type { ElectronSeam, SessionSeam, WindowSeam } from './electronSeam.ts';
import { describeHostEnd } from './failurePage.ts';
import { type Fence, fenceContents, fenceSession } from './fence.ts';
import type { HostCommand } from './hostCommand.ts';
import { createHostLog, type HostLog } from './hostLog.ts';
import { startHostProcess } from './hostProcess.ts';
import { createHostSupervisor, type HostSupervisor } from './hostSupervisor.ts';
import { createMenuTemplate, findEnvironment, type MenuActions } from './menu.ts';
import { createPages, type Pages } from './pages.ts';
import type { RestartPolicy } from './restartPolicy.ts';
import { reviveConsole } from './reviveConsole.ts';
import { bringToFront, createWindow, PARTITION } from './window.ts';

export interface DesktopParts {
  readonly platform: NodeJS.Platform;
  readonly version: string;
  readonly commandOf: (port: number) => HostCommand;
  /** The built preload, a CommonJS file: a sandboxed preload cannot be a module. */
  readonly preload: string;
  /** The file that Help opens. */
  readonly documentation: string;
  readonly policy: RestartPolicy;
  /** Where the host's stderr is seen as it comes, besides its log. */
  readonly echo: (chunk: Buffer) => void;
}

export function startDesktop(electron: ElectronSeam, parts: DesktopParts): void {
  const { app, dialog } = electron;
  nameProgram(electron, parts);
  // The lock lies in the folder of the user's data, which nameProgram has chosen.
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  app.enableSandbox();
  app
    .whenReady()
    .then(() => open(electron, parts))
    .catch((error: unknown) => {
      dialog.showErrorBox('Gatehouse could not open its window', String(error));
      app.exit(1);
    });
}

/** Run from a file, Electron calls itself Electron, and would share its data with every other such program. */
function nameProgram({ app }: ElectronSeam, { version }: DesktopParts): void {
  app.setName('Gatehouse');
  app.setAppUserModelId('com.gatehouse-ops.console');
  app.setPath('userData', join(app.getPath('appData'), 'Gatehouse'));
  app.setAboutPanelOptions({
    applicationName: 'Gatehouse',
    applicationVersion: version,
    copyright: 'Copyright the Gatehouse authors',
  });
}

function open(electron: ElectronSeam, parts: DesktopParts): void {
  const { app } = electron;
  const log = createHostLog(join(app.getPath('logs'), 'host.log'));
  const state = openDesktopState(join(app.getPath('userData'), 'desktop.json'));
  let isQuitting = false;
  let pages: Pages | undefined;

  const fence: Fence = {
    hostUrl: () => pages?.hostUrl,
    openExternal: (url) => void electron.shell.openExternal(url),
    onRefused: (reason) => pages?.noteRefusal(reason),
  };
  const session = electron.session.fromPartition(PARTITION);
  fenceSession(session, fence);
  app.on('web-contents-created', (_event, contents) => fenceContents(contents, fence));

  const window = createWindow(electron, { ...parts, state, isQuitting: () => isQuitting });
  const shown = createPages(window, log.path);
  pages = shown;

  const supervisor = superviseHost(parts, { log, state, session, pages: shown });
  const openLogFolder = () => openPath(electron, dirname(log.path));
  answerBridge(electron, { window, state, pages: shown, supervisor, openLogFolder });
  reviveConsole(window, shown, parts.policy);
  keepMenu(electron, parts, window, {
    // Only to a console: the failure page has nowhere to go.
    goTo: (path) => {
      if (shown.hostUrl !== undefined && shown.failureUrl === undefined) window.webContents.send(GO_CHANNEL, path);
    },
    openDocumentation: () => void openPath(electron, parts.documentation),
    openLogFolder: () => void openLogFolder(),
  });
  app.on('second-instance', () => bringToFront(window));
  app.on('activate', () => bringToFront(window));
  app.on('before-quit', () => {
    isQuitting = true;
  });
  endWithHost(electron, supervisor);
  supervisor.start();
}

interface HostParts {
  readonly log: HostLog;
  readonly state: DesktopStateFile;
  readonly session: SessionSeam;
  readonly pages: Pages;
}

/** The window follows its host: shown when it is ready, told why when it cannot be had. */
function superviseHost(parts: DesktopParts, { log, state, session, pages }: HostParts): HostSupervisor {
  return createHostSupervisor({
    port: state.current.port,
    policy: parts.policy,
    launch(port) {
      log.begin();
      return startHostProcess({
        command: parts.commandOf(port),
        onStderr(chunk) {
          log.write(chunk);
          parts.echo(chunk);
        },
      });
    },
    async onReady(entryUrl) {
      const { port: before } = state.current;
      const port = Number(new URL(entryUrl).port);
      // Stored under an address that will not be seen again: nobody could ever clear it.
      if (before !== 0 && before !== port) await session.clearStorageData().catch(() => undefined);
      state.change({ port });
      await pages.showConsole(entryUrl);
    },
    onEnded: () => pages.forgetHost(),
    onGivenUp: (exit, restarts) =>
      void pages.showFailure({ ...describeHostEnd(exit, restarts), lines: log.lastLines() }),
  });
}

/** The host, and with it the sandbox's processes, ends before the window's program does. */
function endWithHost({ app }: ElectronSeam, supervisor: HostSupervisor): void {
  let isEnding = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isEnding) return;
    isEnding = true;
    void supervisor.stop().finally(() => app.exit(0));
  });
}

/** The views belong to an environment, and the window may be at another one after each step. */
function keepMenu(electron: ElectronSeam, parts: DesktopParts, window: WindowSeam, actions: MenuActions): void {
  const { Menu, app } = electron;
  let built: string | undefined | null = null;
  const build = () => {
    const environment = findEnvironment(window.webContents.getURL());
    if (environment === built) return;
    built = environment;
    const facts = { platform: parts.platform, isPackaged: app.isPackaged, environment };
    Menu.setApplicationMenu(Menu.buildFromTemplate(createMenuTemplate(facts, actions)));
  };
  window.webContents.on('did-navigate', build);
  window.webContents.on('did-navigate-in-page', build);
  build();
}

/** Electron tells a failure as a text, not as an error. */
async function openPath({ shell, dialog }: ElectronSeam, path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '') dialog.showErrorBox('It could not be opened', `${path}\n${problem}`);
}
