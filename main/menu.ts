// The native menu as a template. Pure: what it does comes in as actions, where it differs comes in as facts.
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuFacts {
  readonly platform: NodeJS.Platform;
  /** An installed window has no developer tools. */
  readonly isPackaged: boolean;
  /** The environment that the window shows; its views can be gone to only where there is one. */
  readonly environment: string | undefined;
}

export interface MenuActions {
  readonly goTo: (path: string) => void;
  readonly openWindow: () => void;
  readonly openDocumentation: () => void;
  readonly openLogFolder: () => void;
  readonly lookForUpdates: () => void;
}

/** The views of the console by the last part of their path, in its own order; a test compares them with it. */
export const VIEWS: readonly (readonly [path: string, label: string])[] = [
  ['overview', 'Overview'],
  ['topology', 'Topology'],
  ['traffic', 'Traffic'],
  ['breakers', 'Breakers'],
  ['services', 'Services'],
  ['routes', 'Routes'],
  ['stack', 'Stack'],
  ['posture', 'Posture'],
  ['metrics', 'Metrics'],
  ['traces', 'Traces'],
  ['logs', 'Logs'],
  ['timeline', 'Timeline'],
  ['settings', 'Settings'],
];

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

export function createMenuTemplate(facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions[] {
  const isMac = facts.platform === 'darwin';
  return [
    // macOS names its first menu after the program and puts About and Quit there; elsewhere they are in Help and File.
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: fileItems(isMac, actions) },
    // Its roles carry the shortcuts of copy and paste, which macOS takes from the menu alone.
    { role: 'editMenu' },
    { label: '&View', submenu: viewItems(facts) },
    { label: '&Go', submenu: goItems(facts, actions) },
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
    { label: '&Help', role: 'help', submenu: helpItems(isMac, actions) },
  ];
}

function fileItems(isMac: boolean, { openWindow }: MenuActions): MenuItemConstructorOptions[] {
  return [
    { id: 'new-window', label: 'New Window', accelerator: 'CmdOrCtrl+N', click: openWindow },
    { role: 'close' },
    ...(isMac ? [] : [SEPARATOR, { role: 'quit' } as const]),
  ];
}

function viewItems({ isPackaged }: MenuFacts): MenuItemConstructorOptions[] {
  return [
    { role: 'reload' },
    SEPARATOR,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    SEPARATOR,
    { role: 'togglefullscreen' },
    ...(isPackaged ? [] : [SEPARATOR, { role: 'toggleDevTools' } as const]),
  ];
}

function goItems({ environment }: MenuFacts, { goTo }: MenuActions): MenuItemConstructorOptions[] {
  const views = VIEWS.map(
    ([path, label], index): MenuItemConstructorOptions => ({
      id: `go-${path}`,
      label,
      // There are nine digits to press beside the 0.
      ...(index < 9 ? { accelerator: `CmdOrCtrl+${index + 1}` } : {}),
      enabled: environment !== undefined,
      click: () => {
        if (environment !== undefined) goTo(`/env/${environment}/${path}`);
      },
    }),
  );
  return [{ id: 'go-start', label: 'Start', accelerator: 'CmdOrCtrl+0', click: () => goTo('/') }, SEPARATOR, ...views];
}

function helpItems(isMac: boolean, actions: MenuActions): MenuItemConstructorOptions[] {
  return [
    { id: 'documentation', label: 'Documentation', click: actions.openDocumentation },
    { id: 'log-folder', label: 'Show Log Folder', click: actions.openLogFolder },
    { id: 'updates', label: 'Look for Updates …', click: actions.lookForUpdates },
    ...(isMac ? [] : [SEPARATOR, { role: 'about' } as const]),
  ];
}

/** The environment in an address of the console, as it is written there: `sandbox~shop-platform`. */
export function findEnvironment(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, pathname } = new URL(address);
  return protocol === 'http:' ? /^\/env\/([^/]+)(?:\/|$)/.exec(pathname)?.[1] : undefined;
}
