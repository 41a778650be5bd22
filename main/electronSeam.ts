// So much of Electron as the desktop uses. Types alone, each taken from Electron's own: what the tests put in its place
// cannot drift from it, and main.ts, which passes the real one, does not compile when Electron changes.
import type {
  App,
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Dialog,
  IpcMain,
  Menu,
  MenuItemConstructorOptions,
  NativeTheme,
  NavigationHistory,
  Notification,
  NotificationConstructorOptions,
  SafeStorage,
  Screen,
  Session,
  Shell,
  Tray,
  WebContents,
  WebRequest,
} from 'electron';

export type ContentsSeam = Pick<WebContents, 'on' | 'setWindowOpenHandler' | 'getURL' | 'send' | 'reload'> & {
  readonly navigationHistory: Pick<NavigationHistory, 'clear'>;
};

export type WindowSeam = Pick<
  BrowserWindow,
  | 'on'
  | 'once'
  | 'loadURL'
  | 'show'
  | 'hide'
  | 'focus'
  | 'isFocused'
  | 'restore'
  | 'maximize'
  | 'isMinimized'
  | 'isMaximized'
  | 'getNormalBounds'
  | 'setBackgroundColor'
  | 'isDestroyed'
> & { readonly webContents: ContentsSeam };

export type SessionSeam = Pick<
  Session,
  | 'on'
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setSpellCheckerEnabled'
  | 'clearStorageData'
> & { readonly webRequest: Pick<WebRequest, 'onHeadersReceived'> };

export interface ElectronSeam {
  readonly app: Pick<
    App,
    | 'on'
    | 'whenReady'
    | 'requestSingleInstanceLock'
    | 'enableSandbox'
    | 'quit'
    | 'exit'
    | 'getPath'
    | 'setPath'
    | 'setName'
    | 'setAboutPanelOptions'
    | 'setAppUserModelId'
    | 'setAsDefaultProtocolClient'
    | 'getLoginItemSettings'
    | 'setLoginItemSettings'
    | 'isPackaged'
  >;
  readonly BrowserWindow: new (options?: BrowserWindowConstructorOptions) => WindowSeam;
  readonly session: { fromPartition(partition: string): SessionSeam };
  readonly Menu: {
    buildFromTemplate(template: MenuItemConstructorOptions[]): Pick<Menu, 'items'>;
    setApplicationMenu(menu: Pick<Menu, 'items'> | null): void;
  };
  readonly Tray: new (
    icon: string,
  ) => Pick<Tray, 'on' | 'setImage' | 'setToolTip' | 'destroy'> & {
    setContextMenu(menu: Pick<Menu, 'items'> | null): void;
  };
  readonly Notification: (new (
    options?: NotificationConstructorOptions,
  ) => Pick<Notification, 'on' | 'show'>) & { isSupported(): boolean };
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly dialog: Pick<Dialog, 'showErrorBox' | 'showMessageBox'>;
  readonly shell: Pick<Shell, 'openExternal' | 'openPath'>;
  readonly safeStorage: Pick<
    SafeStorage,
    'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
  >;
  readonly nativeTheme: Pick<NativeTheme, 'on' | 'themeSource' | 'shouldUseDarkColors'>;
  readonly screen: Pick<Screen, 'getAllDisplays' | 'getPrimaryDisplay'>;
}
