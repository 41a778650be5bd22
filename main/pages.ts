// What the window shows: the console of the host that runs, or why there is none.
import type { WindowSeam } from './electronSeam.ts';
import { type Failure, toFailureUrl } from './failurePage.ts';
import { toPlace, toSamePlace } from './navigation.ts';

export interface Pages {
  /** Of the console; undefined while no host runs. */
  readonly hostUrl: string | undefined;
  /** Of the failure page; undefined while it is not shown. */
  readonly failureUrl: string | undefined;
  /**
   * Loads the console where the window was before, or at `path`, or where another window is (`lastUrl`). Never rejects:
   * what goes wrong becomes the failure page.
   */
  showConsole(entryUrl: string, place?: { path?: string; lastUrl?: string }): Promise<void>;
  showFailure(failure: Omit<Failure, 'logPath'>): Promise<void>;
  /** From the failure page back to a console whose host still runs. */
  returnToConsole(): Promise<void>;
  /** A host has ended: whatever answers at its port from now on is not ours. */
  forgetHost(): void;
  /** The fence has not let a page in; told when the loading that it belongs to fails. */
  noteRefusal(reason: string): void;
}

export function createPages(window: WindowSeam, logPath: string): Pages {
  let hostUrl: string | undefined;
  let failureUrl: string | undefined;
  let lastUrl = '';
  let refusal: string | undefined;

  async function load(url: string): Promise<void> {
    failureUrl = undefined;
    refusal = undefined;
    try {
      await window.loadURL(url);
      // Behind the console there is nothing to go back to: a failure page, or the address of an earlier host.
      window.webContents.navigationHistory.clear();
    } catch (error) {
      // Another load has taken its place, or the host has ended meanwhile, which is told by itself.
      if ((error as { code?: unknown }).code === 'ERR_ABORTED' || hostUrl === undefined || window.isDestroyed()) return;
      const reason = refusal ?? (error instanceof Error ? error.message : 'unknown');
      await showFailure({
        title: 'The console could not be shown.',
        facts: [['Reason', withoutCode(reason)]],
        lines: [],
      });
    }
  }

  async function showFailure(failure: Omit<Failure, 'logPath'>): Promise<void> {
    if (window.isDestroyed()) return;
    if (failureUrl === undefined) lastUrl = window.webContents.getURL();
    const url = toFailureUrl({ ...failure, logPath });
    failureUrl = url;
    // Superseded by another page: then that one is wanted.
    await window.loadURL(url).catch(() => undefined);
  }

  return {
    get hostUrl() {
      return hostUrl;
    },
    get failureUrl() {
      return failureUrl;
    },
    async showConsole(entryUrl, { path, lastUrl: other } = {}) {
      if (window.isDestroyed()) return;
      hostUrl = entryUrl;
      const before = other ?? (failureUrl === undefined ? window.webContents.getURL() : lastUrl);
      await load(path === undefined ? toSamePlace(entryUrl, before) : toPlace(entryUrl, path));
    },
    showFailure,
    async returnToConsole() {
      if (hostUrl !== undefined) await load(toSamePlace(hostUrl, lastUrl));
    },
    forgetHost() {
      hostUrl = undefined;
    },
    noteRefusal(reason) {
      refusal = reason;
    },
  };
}

/** Electron's message holds the address that it could not load, with the code that opens a session. */
function withoutCode(text: string): string {
  return text.replace(/#code=[A-Z0-9-]+/g, '');
}
