// The desktop, put together: its windows, one host, and what happens between them. main.ts passes Electron in; the tests
// pass a recording of it, so that all of this runs where Electron's program cannot.
import { dirname, join } from 'node:path';
import { answerBridge } from './answerBridge.ts';
import { createAttention } from './attention.ts';
import { type ConsoleWindows, createConsoleWindows } from './consoleWindows.ts';
import { findDeepLink, parseDeepLink, SCHEME } from './deepLink.ts';
import { type DesktopStateFile, openDesktopState } from './desktopState.ts';
import type { ElectronSeam, SessionSeam } from './electronSeam.ts';
import { describeHostEnd } from './failurePage.ts';
import { type Fence, fenceContents, fenceSession } from './fence.ts';
import type { HostCommand } from './hostCommand.ts';
import { createHostLog, type HostLog } from './hostLog.ts';
import { startHostProcess } from './hostProcess.ts';
import { createHostSupervisor, type HostSupervisor } from './hostSupervisor.ts';
import { type KeptSecrets, openKeptSecrets } from './keptSecrets.ts';
import type { LoginItem } from './loginItem.ts';
import { createMenuTemplate, type MenuActions } from './menu.ts';
import type { RestartPolicy } from './restartPolicy.ts';
import { parseSecretCall } from './secretCalls.ts';
import type { Updater } from './updater.ts';
import { PARTITION } from './window.ts';

export interface DesktopParts {
  readonly platform: NodeJS.Platform;
  readonly version: string;
  readonly commandOf: (port: number) => HostCommand;
  /** The built preload, a CommonJS file: a sandboxed preload cannot be a module. */
  readonly preload: string;
  /** The file that Help opens. */
  readonly documentation: string;
  /** The folder of the tray's icons. */
  readonly icons: string;
  /** What the program was started with: the last may be a link of ours. */
  readonly programArguments: readonly string[];
  readonly loginItem: LoginItem;
  /** How long notices gather before they are said together. */
  readonly groupMs?: number;
  readonly createUpdater: (state: DesktopStateFile) => Updater;
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
  // A checkout must not take the links of an installed program.
  if (app.isPackaged) app.setAsDefaultProtocolClient(SCHEME);
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
  let windows: ConsoleWindows | undefined;
  let paintMenu = () => {};

  const fence: Fence = {
    hostUrl: () => windows?.hostUrl,
    openExternal: (url) => void electron.shell.openExternal(url),
    onRefused: (reason) => windows?.noteRefusal(reason),
  };
  const session = electron.session.fromPartition(PARTITION);
  fenceSession(session, fence);
  app.on('web-contents-created', (_event, contents) => fenceContents(contents, fence));

  const shown = createConsoleWindows(electron, {
    ...parts,
    state,
    logPath: log.path,
    isQuitting: () => isQuitting,
    onMoved: () => paintMenu(),
  });
  windows = shown;

  const attention = createAttention(electron, {
    ...parts,
    state,
    open: (path) => shown.show(path),
    isLookedAt: (environment) => shown.isLookedAt(environment),
  });
  const secrets = openKeptSecrets(electron, {
    path: join(app.getPath('userData'), 'secrets.json'),
    platform: parts.platform,
  });
  const supervisor = superviseHost(parts, { log, state, session, windows: shown, onHost: attention.setHost, secrets });
  const openLogFolder = () => openPath(electron, dirname(log.path));
  answerBridge(electron, { windows: shown, state, supervisor, openLogFolder, onReport: attention.take });
  const updater = parts.createUpdater(state);
  paintMenu = keepMenu(electron, parts, shown, {
    goTo: (path) => shown.goTo(path),
    openWindow: () => shown.open(),
    openDocumentation: () => void openPath(electron, parts.documentation),
    openLogFolder: () => void openLogFolder(),
    lookForUpdates: () => void updater.look(true).then((said) => say(electron, said)),
  });
  followLinks(electron, parts, shown);
  app.on('activate', () => shown.show());
  app.on('before-quit', () => {
    isQuitting = true;
  });
  endWithHost(electron, supervisor);
  supervisor.start();
  void updater.look(false);
}

/** Links come with the start, from a second start, or on macOS as an event. */
function followLinks({ app }: ElectronSeam, { programArguments }: DesktopParts, windows: ConsoleWindows): void {
  const follow = (link: string | undefined) => windows.show(link === undefined ? undefined : parseDeepLink(link));
  app.on('second-instance', (_event, args = []) => follow(findDeepLink(args)));
  app.on('open-url', (event, link) => {
    event.preventDefault();
    follow(link);
  });
  const first = findDeepLink(programArguments);
  if (first !== undefined) follow(first);
}

interface HostParts {
  readonly log: HostLog;
  readonly state: DesktopStateFile;
  readonly session: SessionSeam;
  readonly windows: ConsoleWindows;
  readonly onHost: (isRunning: boolean) => void;
  readonly secrets: KeptSecrets;
}

/** The windows follow their host: shown when it is ready, told why when it cannot be had. */
function superviseHost(parts: DesktopParts, host: HostParts): HostSupervisor {
  const { log, state, session, windows, onHost, secrets } = host;
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
        onMessage: (message, reply) => void answerSecretCall(secrets, message, reply),
      });
    },
    async onReady(entryUrl) {
      const { port: before } = state.current;
      const port = Number(new URL(entryUrl).port);
      // Stored under an address that will not be seen again: nobody could ever clear it.
      if (before !== 0 && before !== port) await session.clearStorageData().catch(() => undefined);
      state.change({ port });
      onHost(true);
      await windows.showConsole(entryUrl);
    },
    onEnded() {
      onHost(false);
      windows.forgetHost();
    },
    onGivenUp: (exit, restarts) => windows.showFailure({ ...describeHostEnd(exit, restarts), lines: log.lastLines() }),
  });
}

async function answerSecretCall(secrets: KeptSecrets, message: unknown, reply: (answer: object) => void) {
  const call = parseSecretCall(message);
  if (call === undefined) return;
  try {
    reply({ secrets: call.id, answer: await secrets.answer(call) });
  } catch (error) {
    reply({ secrets: call.id, problem: error instanceof Error ? error.message : 'the secret could not be kept' });
  }
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

/** The views belong to an environment, and the window in front may be at another one after each step. */
function keepMenu(electron: ElectronSeam, parts: DesktopParts, windows: ConsoleWindows, actions: MenuActions) {
  const { Menu, app } = electron;
  let built: string | undefined | null = null;
  const build = () => {
    const { environment } = windows;
    if (environment === built) return;
    built = environment;
    const facts = { platform: parts.platform, isPackaged: app.isPackaged, environment };
    Menu.setApplicationMenu(Menu.buildFromTemplate(createMenuTemplate(facts, actions)));
  };
  build();
  return build;
}

function say({ dialog }: ElectronSeam, message: string): void {
  void dialog.showMessageBox({ type: 'info', title: 'Gatehouse', message });
}

/** Electron tells a failure as a text, not as an error. */
async function openPath({ shell, dialog }: ElectronSeam, path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '') dialog.showErrorBox('It could not be opened', `${path}\n${problem}`);
}
