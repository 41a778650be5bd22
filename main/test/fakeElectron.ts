// A recording of Electron: it notes every call that main makes, and lets a test raise the events that Electron would.
// It decides nothing, but for `loadURL`, which fetches the address and asks main's own header listener, as Electron does.
import { EventEmitter } from 'node:events';
import type {
  App,
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Display,
  HeadersReceivedResponse,
  IpcMainInvokeEvent,
  LoginItemSettings,
  MenuItem,
  MenuItemConstructorOptions,
  NativeTheme,
  NotificationConstructorOptions,
  OnHeadersReceivedListenerDetails,
  Rectangle,
  SafeStorage,
  Session,
  WebContents,
} from 'electron';
import type { ContentsSeam, ElectronSeam, SessionSeam, WindowSeam } from '../electronSeam.ts';

export type Call = readonly [name: string, ...args: unknown[]];
type Handler<Name extends 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'> =
  NonNullable<Parameters<Session[Name]>[0]>;
type HeadersListener = (
  details: OnHeadersReceivedListenerDetails,
  answer: (response: HeadersReceivedResponse) => void,
) => void;

export interface FakeOptions {
  readonly folder: string;
  readonly isPackaged?: boolean;
  /** Whether another Gatehouse runs already. */
  readonly isSecond?: boolean;
  readonly displays?: readonly Rectangle[];
  readonly isSystemDark?: boolean;
  /** What keeps the keys on this Linux. */
  readonly keyRing?: ReturnType<SafeStorage['getSelectedStorageBackend']>;
}

/** As Chromium marks what it has sealed; in place of a cipher, each byte is turned over. */
const SEAL = Buffer.from('v11');
const turnOver = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));

export class FakeElectron {
  readonly calls: Call[] = [];
  readonly app = new EventEmitter();
  readonly nativeTheme = Object.assign(new EventEmitter(), {
    themeSource: 'system' as NativeTheme['themeSource'],
    shouldUseDarkColors: false,
  });
  readonly session = new FakeSession((call) => this.calls.push(call));
  readonly windows: FakeWindow[] = [];
  /** The last icon, tooltip and menu of the tray. */
  readonly tray = { icon: '', tooltip: '', menu: [] as MenuItemConstructorOptions[] };
  readonly notifications: (EventEmitter & NotificationConstructorOptions)[] = [];
  opensAtLogin = false;
  /** The template of the menu that is set. */
  menu: MenuItemConstructorOptions[] = [];
  /** What shell.openPath answers: '' is success. */
  openPathAnswer = '';
  /** Whether the key ring is open, and its key still the one that sealed. */
  isKeyRingOpen = true;
  isKeyRight = true;
  readonly trayEvents = new EventEmitter();
  readonly #handlers = new Map<string, (event: IpcMainInvokeEvent, ...input: unknown[]) => unknown>();
  readonly #options: FakeOptions;

  constructor(options: FakeOptions) {
    this.#options = options;
    this.nativeTheme.shouldUseDarkColors = options.isSystemDark ?? false;
  }

  #note = (name: string, ...args: unknown[]) => void this.calls.push([name, ...args]);

  /** What startDesktop takes. The emitters' `on` alone is cast: Electron declares one overload an event. */
  get seam(): ElectronSeam {
    const note = this.#note;
    const { folder, isPackaged = false, isSecond = false, displays = [FIRST_DISPLAY] } = this.#options;
    const all = displays.map((workArea, id) => ({ id, workArea }) as Display);
    const [primary = all[0] as Display] = all;
    return {
      app: {
        on: this.app.on.bind(this.app) as unknown as App['on'],
        whenReady: () => Promise.resolve(),
        requestSingleInstanceLock: () => !isSecond,
        enableSandbox: () => note('app.enableSandbox'),
        quit: () => this.quit(),
        exit: (code) => note('app.exit', code),
        getPath: (name) => `${folder}/${name}`,
        setPath: (name, path) => note('app.setPath', name, path),
        setName: (name) => note('app.setName', name),
        setAboutPanelOptions: (about) => note('app.setAboutPanelOptions', about),
        setAppUserModelId: (id) => note('app.setAppUserModelId', id),
        setAsDefaultProtocolClient: (scheme) => {
          note('app.setAsDefaultProtocolClient', scheme);
          return true;
        },
        getLoginItemSettings: () => ({ openAtLogin: this.opensAtLogin }) as LoginItemSettings,
        setLoginItemSettings: ({ openAtLogin = false }) => {
          this.opensAtLogin = openAtLogin;
        },
        isPackaged,
      },
      BrowserWindow: this.#windowClass(),
      session: {
        fromPartition: (partition) => {
          note('session.fromPartition', partition);
          return this.session.seam;
        },
      },
      Menu: {
        buildFromTemplate: (template) => ({ items: template as unknown as MenuItem[] }),
        setApplicationMenu: (menu) => {
          this.menu = (menu?.items ?? []) as unknown as MenuItemConstructorOptions[];
        },
      },
      Tray: this.#trayClass(),
      Notification: this.#notificationClass(),
      ipcMain: { handle: (channel, handler) => void this.#handlers.set(channel, handler) },
      dialog: {
        showErrorBox: (title, text) => note('dialog.showErrorBox', title, text),
        showMessageBox: (async (options: unknown) => note('dialog.showMessageBox', options)) as never,
      },
      shell: {
        openExternal: async (url) => note('shell.openExternal', url),
        openPath: async (path) => {
          note('shell.openPath', path);
          return this.openPathAnswer;
        },
      },
      safeStorage: {
        getSelectedStorageBackend: () => this.#options.keyRing ?? 'gnome_libsecret',
        isAsyncEncryptionAvailable: async () => this.isKeyRingOpen,
        encryptStringAsync: async (text) => Buffer.concat([SEAL, turnOver(Buffer.from(text))]),
        decryptStringAsync: async (sealed) => {
          if (!this.isKeyRight || !sealed.subarray(0, 3).equals(SEAL)) throw new Error('Error while decrypting');
          return { shouldReEncrypt: false, result: turnOver(sealed.subarray(3)).toString() };
        },
      },
      nativeTheme: this.nativeTheme as unknown as ElectronSeam['nativeTheme'],
      screen: { getAllDisplays: () => all, getPrimaryDisplay: () => primary },
    };
  }

  #windowClass(): ElectronSeam['BrowserWindow'] {
    const fake = this;
    return function create(options: BrowserWindowConstructorOptions) {
      const window = new FakeWindow(options, fake);
      fake.windows.push(window);
      fake.calls.push(['new BrowserWindow', options]);
      fake.app.emit('web-contents-created', {}, window.contents.seam);
      return window.seam;
    } as unknown as ElectronSeam['BrowserWindow'];
  }

  #trayClass(): ElectronSeam['Tray'] {
    const { tray } = this;
    const events = this.trayEvents;
    return function create(icon: string) {
      tray.icon = icon;
      return {
        on: events.on.bind(events),
        setImage: (path: string) => {
          tray.icon = path;
        },
        setToolTip: (text: string) => {
          tray.tooltip = text;
        },
        setContextMenu: (menu: { items: unknown } | null) => {
          tray.menu = (menu?.items ?? []) as MenuItemConstructorOptions[];
        },
        destroy: () => undefined,
      };
    } as unknown as ElectronSeam['Tray'];
  }

  #notificationClass(): ElectronSeam['Notification'] {
    const { notifications } = this;
    function create(options: NotificationConstructorOptions) {
      const notification = Object.assign(new EventEmitter(), options);
      return Object.assign(notification, { show: () => void notifications.push(notification) });
    }
    return Object.assign(create, { isSupported: () => true }) as unknown as ElectronSeam['Notification'];
  }

  get window(): FakeWindow {
    const [window] = this.windows;
    if (!window) throw new Error('no window was made');
    return window;
  }

  /** As a page calls over the bridge. */
  async invoke(channel: string, frame: { url: string; parent: object | null } | null, ...input: unknown[]) {
    const handler = this.#handlers.get(channel);
    if (!handler) throw new Error(`nothing handles ${channel}`);
    return await handler({ senderFrame: frame } as unknown as IpcMainInvokeEvent, ...input);
  }

  /** Electron's order: before-quit, every window closes, will-quit. */
  quit(): void {
    this.#note('app.quit');
    this.app.emit('before-quit', createEvent());
    for (const window of this.windows) window.close();
    this.app.emit('will-quit', createEvent());
  }

  named(name: string): readonly unknown[][] {
    return this.calls.filter(([called]) => called === name).map(([, ...args]) => args);
  }
}

const FIRST_DISPLAY: Rectangle = { x: 0, y: 0, width: 1920, height: 1080 };

/** An event that can be prevented, and tells whether it was. */
export function createEvent<More extends object>(more?: More) {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
    ...(more as More),
  };
  return event;
}

export class FakeWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions;
  readonly contents: FakeContents;
  bounds: Rectangle;
  backgroundColor: string;
  state = { isShown: false, isMinimized: false, isMaximized: false, isDestroyed: false, isFocused: false, focused: 0 };
  readonly #fake: FakeElectron;

  constructor(options: BrowserWindowConstructorOptions, fake: FakeElectron) {
    super();
    this.options = options;
    this.#fake = fake;
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 0, height: options.height ?? 0 };
    this.backgroundColor = options.backgroundColor ?? '';
    this.contents = new FakeContents((call) => fake.calls.push(call));
  }

  get seam(): WindowSeam {
    const { state } = this;
    return {
      on: this.on.bind(this) as unknown as BrowserWindow['on'],
      once: this.once.bind(this) as unknown as BrowserWindow['once'],
      loadURL: (url) => this.#load(url),
      show: () => {
        state.isShown = true;
      },
      hide: () => {
        state.isShown = false;
      },
      focus: () => {
        state.focused += 1;
        this.emit('focus');
      },
      isFocused: () => state.isFocused,
      restore: () => {
        state.isMinimized = false;
      },
      maximize: () => {
        state.isMaximized = true;
      },
      isMinimized: () => state.isMinimized,
      isMaximized: () => state.isMaximized,
      isDestroyed: () => state.isDestroyed,
      getNormalBounds: () => this.bounds,
      setBackgroundColor: (colour) => {
        this.backgroundColor = colour;
      },
      webContents: this.contents.seam,
    };
  }

  /** Loads a page, and says it as Electron does: an error with a code when it fails or is not let in. */
  async #load(url: string): Promise<void> {
    this.#fake.calls.push(['window.loadURL', url]);
    if (url.startsWith('http')) {
      const response = await fetch(url).catch((error: unknown) => {
        throw Object.assign(new Error(`ERR_CONNECTION_REFUSED (-102) loading '${url}'`, { cause: error }), {
          code: 'ERR_CONNECTION_REFUSED',
        });
      });
      await response.body?.cancel();
      const headers = Object.fromEntries([...response.headers].map(([name, value]) => [name, [value]]));
      if (await this.#fake.session.isRefused({ url, resourceType: 'mainFrame', responseHeaders: headers })) {
        throw Object.assign(new Error(`ERR_BLOCKED_BY_CLIENT (-20) loading '${url}'`), {
          code: 'ERR_BLOCKED_BY_CLIENT',
        });
      }
    }
    this.contents.url = url;
    this.contents.emit('did-navigate', {}, url);
    this.emit('ready-to-show');
    this.#fake.app.emit('test-loaded', url);
  }

  close(): void {
    if (this.state.isDestroyed) return;
    const event = createEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return;
    this.state.isDestroyed = true;
    this.emit('closed');
  }
}

export class FakeContents extends EventEmitter {
  url = '';
  openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined;
  readonly #note: (call: Call) => void;

  constructor(note: (call: Call) => void) {
    super();
    this.#note = note;
  }

  get seam(): ContentsSeam {
    return {
      on: this.on.bind(this) as unknown as WebContents['on'],
      setWindowOpenHandler: (handler) => {
        this.openHandler = handler;
      },
      getURL: () => this.url,
      send: (channel, ...args) => this.#note(['contents.send', channel, ...args]),
      reload: () => this.#note(['contents.reload']),
      navigationHistory: { clear: () => this.#note(['contents.navigationHistory.clear']) },
    };
  }

  /** Whether main let a navigation of the page pass. */
  tries(event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate', url: string, isMainFrame = true): boolean {
    const details = createEvent({ url, isMainFrame });
    this.emit(event, details);
    return !details.defaultPrevented;
  }
}

export class FakeSession extends EventEmitter {
  requestHandler: Handler<'setPermissionRequestHandler'> | undefined;
  checkHandler: Handler<'setPermissionCheckHandler'> | undefined;
  deviceHandler: Handler<'setDevicePermissionHandler'> | undefined;
  headersListener: HeadersListener | undefined;
  readonly #note: (call: Call) => void;

  constructor(note: (call: Call) => void) {
    super();
    this.#note = note;
  }

  get seam(): SessionSeam {
    return {
      on: this.on.bind(this) as unknown as Session['on'],
      setPermissionRequestHandler: (handler) => {
        this.requestHandler = handler ?? undefined;
      },
      setPermissionCheckHandler: (handler) => {
        this.checkHandler = handler ?? undefined;
      },
      setDevicePermissionHandler: (handler) => {
        this.deviceHandler = handler ?? undefined;
      },
      setSpellCheckerEnabled: (enable) => this.#note(['session.setSpellCheckerEnabled', enable]),
      clearStorageData: async () => this.#note(['session.clearStorageData']),
      webRequest: {
        onHeadersReceived: (...args: unknown[]) => {
          this.#note(['webRequest.onHeadersReceived', args[0]]);
          this.headersListener = args[1] as HeadersListener;
        },
      },
    };
  }

  isRefused(
    details: Pick<OnHeadersReceivedListenerDetails, 'url' | 'resourceType' | 'responseHeaders'>,
  ): Promise<boolean> {
    return new Promise((resolve) => {
      if (!this.headersListener) throw new Error('nobody looks at the headers');
      const all = details as OnHeadersReceivedListenerDetails;
      this.headersListener(all, ({ cancel }) => resolve(cancel === true));
    });
  }
}
