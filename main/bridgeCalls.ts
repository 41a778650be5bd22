// Who may call what over the bridge, and with which input. Pure: a compromised page may send anything on any channel.
import { type Appearance, type BridgeCall, isAppearance } from './bridge.ts';
import { findConsoleOrigin } from './navigation.ts';

type Page = 'console' | 'failure';

const CALLERS: Readonly<Record<BridgeCall, readonly Page[]>> = {
  setAppearance: ['console'],
  reportState: ['console'],
  openLogFolder: ['console', 'failure'],
  // A console that could end or restart its own host would do so at a stranger's word.
  restartHost: ['failure'],
  quit: ['failure'],
};

export interface CallingFrame {
  readonly url: string;
  readonly isMainFrame: boolean;
}

export interface ShownPages {
  readonly hostUrl: string | undefined;
  /** The address of the failure page, which holds all of it; undefined while it is not shown. */
  readonly failureUrl: string | undefined;
}

/** Throws, with what was wrong, when the call is not allowed. `frame` is null when it was gone before we looked. */
export function checkCaller(call: BridgeCall, frame: CallingFrame | null, pages: ShownPages): void {
  const page = frame?.isMainFrame ? findPage(frame.url, pages) : undefined;
  if (page === undefined || !CALLERS[call].includes(page)) throw new Error(`this page may not call ${call}`);
}

function findPage(url: string, { hostUrl, failureUrl }: ShownPages): Page | undefined {
  // All of it, not its beginning: any page could make itself a `data:` address.
  if (failureUrl !== undefined && url === failureUrl) return 'failure';
  return findConsoleOrigin(url, hostUrl) === undefined ? undefined : 'console';
}

export function parseAppearance(input: readonly unknown[]): Appearance {
  const [appearance] = input;
  if (input.length === 1 && isAppearance(appearance)) return appearance;
  throw new Error('setAppearance takes one of dark, light, auto');
}

export function checkNoInput(call: BridgeCall, input: readonly unknown[]): void {
  if (input.length > 0) throw new Error(`${call} takes no input`);
}
