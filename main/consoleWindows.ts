// The windows of one console: each at a place of its own, all on one host and one session, which they pass on by themselves.
import { GO_CHANNEL } from './bridge.ts';
import type { ShownPages } from './bridgeCalls.ts';
import type { ElectronSeam, WindowSeam } from './electronSeam.ts';
import type { Failure } from './failurePage.ts';
import { findEnvironment } from './menu.ts';
import { createPages, type Pages } from './pages.ts';
import type { RestartPolicy } from './restartPolicy.ts';
import { reviveConsole } from './reviveConsole.ts';
import { bringToFront, createWindow, toBackgroundColour, type WindowParts } from './window.ts';

export interface ConsoleWindowsParts extends Omit<WindowParts, 'hidesOnClose' | 'beside'> {
  readonly logPath: string;
  readonly policy: RestartPolicy;
  readonly isQuitting: () => boolean;
  /** A window came to the front, or went to another place. */
  readonly onMoved: () => void;
}

export interface ConsoleWindows {
  readonly hostUrl: string | undefined;
  /** The environment of the window in front; undefined where it shows none. */
  readonly environment: string | undefined;
  /** Whether the operator looks at this environment right now. */
  isLookedAt(environment: string): boolean;
  /** What a page at this address can be: the console, or a failure page that is shown. */
  pagesAt(url: string): ShownPages;
  /** One more window, beside the one in front. */
  open(): void;
  /** Brings one to the front, at the path of the console if one is named; kept for later while no host runs. */
  show(path?: string): void;
  /** In the window in front, without bringing it there. */
  goTo(path: string): void;
  /** A host is ready. Its code opens one session, which the other windows ask that window for. */
  showConsole(entryUrl: string): Promise<void>;
  showFailure(failure: Omit<Failure, 'logPath'>): void;
  /** Each window that shows a failure goes back to the console, whose host still runs. */
  returnToConsole(): void;
  forgetHost(): void;
  noteRefusal(reason: string): void;
  paintBackground(): void;
}

interface Shown {
  readonly window: WindowSeam;
  readonly pages: Pages;
}

/** Makes the first window. Only after the program is ready. */
export function createConsoleWindows(electron: ElectronSeam, parts: ConsoleWindowsParts): ConsoleWindows {
  const { state, platform } = parts;
  let windows: readonly Shown[] = [];
  let front: Shown;
  let origin: string | undefined;
  let waitingPath: string | undefined;

  function add(beside?: WindowSeam): Shown {
    const isLast = () => windows.length === 1;
    const stays = () => platform === 'darwin' || state.current.keepRunning;
    // The page stays as it is, with its session, until the Dock or the tray brings it back.
    const hidesOnClose = () => isLast() && stays() && !parts.isQuitting();
    const window = createWindow(electron, { ...parts, hidesOnClose, beside });
    const pages = createPages(window, parts.logPath);
    const shown = { window, pages };
    windows = [...windows, shown];
    reviveConsole(window, pages, parts.policy);
    window.on('focus', () => {
      front = shown;
      parts.onMoved();
    });
    window.on('closed', () => {
      windows = windows.filter((one) => one !== shown);
      front = front === shown ? (windows.at(-1) ?? shown) : front;
    });
    window.webContents.on('did-navigate', parts.onMoved);
    window.webContents.on('did-navigate-in-page', parts.onMoved);
    return shown;
  }

  front = add();
  const environmentOf = ({ window }: Shown) =>
    window.isDestroyed() ? undefined : findEnvironment(window.webContents.getURL());
  const isAtConsole = ({ pages }: Shown) => pages.hostUrl !== undefined && pages.failureUrl === undefined;
  const paintBackground = () => {
    const colour = toBackgroundColour(state.current.appearance, electron.nativeTheme.shouldUseDarkColors);
    for (const { window } of windows) window.setBackgroundColor(colour);
  };
  electron.nativeTheme.on('updated', paintBackground);

  function goTo(path: string): void {
    // Only to a console: the failure page has nowhere to go.
    if (isAtConsole(front)) front.window.webContents.send(GO_CHANNEL, path);
  }

  return {
    get hostUrl() {
      return origin;
    },
    get environment() {
      return environmentOf(front);
    },
    isLookedAt: (environment) =>
      windows.some((shown) => shown.window.isFocused() && environmentOf(shown) === environment),
    pagesAt: (url) => ({
      hostUrl: origin,
      failureUrl: windows.find(({ pages }) => pages.failureUrl === url)?.pages.failureUrl,
    }),
    open() {
      if (origin === undefined) return bringToFront(front.window);
      const place = front.window.isDestroyed() ? '' : front.window.webContents.getURL();
      front = add(front.window);
      void front.pages.showConsole(`${origin}/`, { lastUrl: place });
    },
    show(path) {
      bringToFront(front.window);
      if (path === undefined) return;
      if (isAtConsole(front)) goTo(path);
      else waitingPath = path;
    },
    goTo,
    async showConsole(entryUrl) {
      ({ origin } = new URL(entryUrl));
      const path = waitingPath;
      waitingPath = undefined;
      const others = windows.filter((one) => one !== front);
      await front.pages.showConsole(entryUrl, path === undefined ? {} : { path });
      for (const { pages } of others) void pages.showConsole(`${origin}/`);
    },
    showFailure(failure) {
      for (const { pages } of windows) void pages.showFailure(failure);
    },
    returnToConsole() {
      for (const { pages } of windows) if (pages.failureUrl !== undefined) void pages.returnToConsole();
    },
    forgetHost() {
      origin = undefined;
      for (const { pages } of windows) pages.forgetHost();
    },
    noteRefusal(reason) {
      for (const { pages } of windows) pages.noteRefusal(reason);
    },
    paintBackground,
  };
}
