// What the desktop window can do and a browser cannot. Pure types and names: the preload implements it, main answers it,
// and a page looks for it: `window.gatehouseDesktop` is absent in a browser, and then its buttons are too.

import type { StateReport } from './stateReport.ts';

/** Rises when a member changes or goes; a page that knows an older one alone must treat the bridge as absent. */
export const BRIDGE_VERSION = 1;
export const BRIDGE_NAME = 'gatehouseDesktop';

export type Appearance = 'dark' | 'light' | 'auto';

export function isAppearance(value: unknown): value is Appearance {
  return value === 'dark' || value === 'light' || value === 'auto';
}

/** Frozen. Every promise rejects when the page may not ask for it. */
export interface DesktopBridge {
  readonly version: typeof BRIDGE_VERSION;
  /** For the console: title bar, menus and the window's background follow what is chosen, also at the next start. */
  setAppearance(appearance: Appearance): Promise<void>;
  /**
   * For the console: the menu asks for a path of it, `/env/sandbox~shop-platform/routes`. Without a listener the page is
   * loaded anew at that path. One listener at a time; gives back what removes it.
   */
  onGo(listener: (path: string) => void): () => void;
  /**
   * For the console: how the environment is that the page shows, for tray and notifications. Told again whenever it
   * changes; the shape is `StateReport` of stateReport.ts.
   */
  reportState(report: StateReport): Promise<void>;
  /** For both pages: shows the folder with the host's log. */
  openLogFolder(): Promise<void>;
  /** For the page that says why the host ended: starts it again. */
  restartHost(): Promise<void>;
  /** For that page: ends the desktop. */
  quit(): Promise<void>;
}

/** The methods that main answers. */
export type BridgeCall = 'setAppearance' | 'reportState' | 'openLogFolder' | 'restartHost' | 'quit';

export const toChannel = (call: BridgeCall): string => `gatehouse:${call}`;
/** From main to the page: a path to go to. */
export const GO_CHANNEL = 'gatehouse:go';
