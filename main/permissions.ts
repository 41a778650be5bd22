// What a page may ask the operating system for. Nothing, but for two things; every line says why.
import type { Session } from 'electron';

type Handler<Name extends 'setPermissionRequestHandler' | 'setPermissionCheckHandler'> = NonNullable<
  Parameters<Session[Name]>[0]
>;
/** Electron's own list, so that a permission which a new Electron brings does not compile until it is decided here. */
export type Permission =
  | Parameters<Handler<'setPermissionRequestHandler'>>[1]
  | Parameters<Handler<'setPermissionCheckHandler'>>[1];

type Rule = readonly [verdict: 'grant' | 'deny', reason: string];

const NO_DEVICES: Rule = ['deny', 'the console operates no device of this machine'];
const NO_SENSING: Rule = ['deny', 'the console neither sees, hears nor locates the operator'];
const NO_BACKGROUND: Rule = ['deny', 'the console does nothing when its window is closed'];
const NO_NETWORK: Rule = ['deny', 'the page speaks to its own host alone, which needs no permission'];
const NO_OTHER_SITES: Rule = ['deny', 'the window shows one site'];
const NO_SCREEN: Rule = ['deny', 'the console has one window and leaves the screen to the operator'];

export const PERMISSION_RULES: Readonly<Record<Permission, Rule>> = {
  'clipboard-sanitized-write': ['grant', 'copy buttons: a command, an id, a request as curl'],
  fullscreen: ['grant', 'a topology on a wall; Esc leaves it'],
  'clipboard-read': ['deny', 'what the operator copied elsewhere may be a secret; pasting needs no permission'],
  'deprecated-sync-clipboard-read': ['deny', 'as clipboard-read'],
  notifications: ['deny', "notifications are the window program's own, not the page's"],
  openExternal: ['deny', 'other programs are opened by the list of navigation.ts alone'],
  fileSystem: ['deny', 'an export is saved through the dialog of the system'],
  'web-printing': ['deny', 'the console prints nothing by itself'],
  'local-fonts': ['deny', 'fonts come with the console; a list of the installed ones identifies a machine'],
  'automatic-fullscreen': NO_SCREEN,
  'display-capture': NO_SENSING,
  'captured-surface-control': NO_SENSING,
  'window-management': NO_SCREEN,
  pointerLock: NO_SCREEN,
  keyboardLock: ['deny', "the keys of the system stay the operator's"],
  'screen-wake-lock': NO_SCREEN,
  'system-wake-lock': NO_BACKGROUND,
  media: NO_SENSING,
  'speaker-selection': NO_DEVICES,
  mediaKeySystem: ['deny', 'the console plays nothing'],
  geolocation: NO_SENSING,
  'geolocation-approximate': NO_SENSING,
  'idle-detection': NO_SENSING,
  sensors: NO_SENSING,
  ar: NO_SENSING,
  vr: NO_SENSING,
  'hand-tracking': NO_SENSING,
  hid: NO_DEVICES,
  midi: NO_DEVICES,
  midiSysex: NO_DEVICES,
  nfc: NO_DEVICES,
  serial: NO_DEVICES,
  'smart-card': NO_DEVICES,
  usb: NO_DEVICES,
  'background-fetch': NO_BACKGROUND,
  'background-sync': NO_BACKGROUND,
  'periodic-background-sync': NO_BACKGROUND,
  'payment-handler': NO_OTHER_SITES,
  'storage-access': NO_OTHER_SITES,
  'top-level-storage-access': NO_OTHER_SITES,
  'web-app-installation': NO_OTHER_SITES,
  'persistent-storage': ['deny', 'what is stored is small and can be chosen again'],
  'local-network': NO_NETWORK,
  'local-network-access': NO_NETWORK,
  'loopback-network': NO_NETWORK,
  unknown: ['deny', 'what has no name cannot be judged'],
};

export interface PermissionQuestion {
  readonly permission: string;
  /** Of the page that asks; undefined when it is not the console. */
  readonly consoleOrigin: string | undefined;
  readonly isMainFrame: boolean;
}

/** Granted only to the console itself, in its own frame, and only what the table grants. */
export function isGranted({ permission, consoleOrigin, isMainFrame }: PermissionQuestion): boolean {
  if (consoleOrigin === undefined || !isMainFrame) return false;
  // hasOwn: `constructor` and the like are no permissions.
  return Object.hasOwn(PERMISSION_RULES, permission) && PERMISSION_RULES[permission as Permission][0] === 'grant';
}
