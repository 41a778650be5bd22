// A window: how it is made, and what it remembers of itself.
import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import type { Appearance } from './bridge.ts';
import type { DesktopState, DesktopStateFile } from './desktopState.ts';
import type { ElectronSeam, WindowSeam } from './electronSeam.ts';
import { MIN_SIZE, type Placement, placeWindow } from './windowPlacement.ts';

/**
 * Persisted, since appearance and saved filters are the operator's and are kept in the page's storage; the host is asked
 * for the same port again, so that they are found. The session's token is in sessionStorage and worthless without its
 * host. A partition of its own, so that nothing is shared with another page that might ever be shown.
 */
export const PARTITION = 'persist:console';

/** The console's --ground in both themes, so that nothing flashes before its first frame. */
const GROUND = { dark: '#0d1014', light: '#f5f6f8' };

/** How often a window that is moved or resized is written down. */
const SAVE_AFTER_MS = 500;

/** All that decides what a page may do; those that are Electron's default too, so that no new default changes them. */
export function toWebPreferences(preload: string, isPackaged: boolean): WebPreferences {
  return {
    preload,
    partition: PARTITION,
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
    // A file that is dropped on the window must not replace the console.
    navigateOnDragDrop: false,
    // What an operator types into a filter goes to no dictionary service.
    spellcheck: false,
    devTools: !isPackaged,
  };
}

/** Dark until something is chosen, as the console itself. */
export function toBackgroundColour(appearance: Appearance | undefined, isSystemDark: boolean): string {
  if (appearance === 'auto') return isSystemDark ? GROUND.dark : GROUND.light;
  return GROUND[appearance ?? 'dark'];
}

export function toThemeSource(appearance: Appearance): 'dark' | 'light' | 'system' {
  return appearance === 'auto' ? 'system' : appearance;
}

export function toWindowOptions(
  placement: Placement,
  backgroundColor: string,
  webPreferences: WebPreferences,
): BrowserWindowConstructorOptions {
  return {
    ...placement,
    title: 'Gatehouse',
    minWidth: MIN_SIZE.width,
    minHeight: MIN_SIZE.height,
    backgroundColor,
    // Shown with its first frame instead of empty.
    show: false,
    // The menu is there with Alt; the console has its own navigation and needs the height.
    autoHideMenuBar: true,
    webPreferences,
  };
}

export interface WindowParts {
  readonly preload: string;
  readonly platform: NodeJS.Platform;
  readonly state: DesktopStateFile;
  /** Whether closing only hides it. */
  readonly hidesOnClose: () => boolean;
  /** The window that it is opened beside; undefined for the first, which comes where it was. */
  readonly beside: WindowSeam | undefined;
}

/** So far right of and below the other one that both titles can be seen. */
const CASCADE = 32;

/** Only after the program is ready: before that, the displays are not known. */
export function createWindow(electron: ElectronSeam, parts: WindowParts): WindowSeam {
  const { app, screen, nativeTheme } = electron;
  const { state, preload } = parts;
  const { appearance, isMaximized } = state.current;
  const { beside } = parts;
  const other = beside && !beside.isDestroyed() ? beside.getNormalBounds() : undefined;
  const bounds = other ? { ...other, x: other.x + CASCADE, y: other.y + CASCADE } : state.current.bounds;
  if (appearance !== undefined) nativeTheme.themeSource = toThemeSource(appearance);
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const placement = placeWindow(
    bounds,
    [primary, ...others].map(({ workArea }) => workArea),
  );
  const background = toBackgroundColour(appearance, nativeTheme.shouldUseDarkColors);
  const window = new electron.BrowserWindow(
    toWindowOptions(placement, background, toWebPreferences(preload, app.isPackaged)),
  );
  window.once('ready-to-show', () => {
    if (isMaximized && other === undefined) window.maximize();
    window.show();
  });
  rememberPlace(window, state);
  window.on('close', (event) => {
    if (!parts.hidesOnClose()) return;
    event.preventDefault();
    window.hide();
  });
  return window;
}

function rememberPlace(window: WindowSeam, state: DesktopStateFile): void {
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!window.isDestroyed()) state.change(describePlace(window));
  };
  const saveSoon = () => {
    timer ??= setTimeout(save, SAVE_AFTER_MS);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('close', save);
  window.on('closed', () => clearTimeout(timer));
}

/** The bounds that it has when it is not maximized, so that it can go back to them. */
function describePlace(window: WindowSeam): Pick<DesktopState, 'bounds' | 'isMaximized'> {
  return { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
}

export function bringToFront(window: WindowSeam): void {
  // Closed already, while its host still ends.
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
