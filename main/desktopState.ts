// What the window remembers from one start to the next, in one small file of the operator's.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Rectangle } from 'electron';
import { type Appearance, isAppearance } from './bridge.ts';

export interface DesktopState {
  /** In the units of the screen, with the frame; undefined when it was never placed. */
  readonly bounds: Rectangle | undefined;
  readonly isMaximized: boolean;
  /** As the console said it; undefined until something was chosen there. */
  readonly appearance: Appearance | undefined;
  /** Of the last host: a console at the same address finds what it stored there. 0: any. */
  readonly port: number;
  readonly notifications: boolean;
  /** Epoch ms. */
  readonly quietUntil: number;
  /** Minutes of the local day. */
  readonly quietHours: { readonly from: number; readonly to: number } | undefined;
  /** Whether the program stays, in the tray, when its last window is closed. */
  readonly keepRunning: boolean;
  /** Off until it is turned on: nothing is asked of a server unasked. */
  readonly looksForUpdates: boolean;
}

export const FIRST_STATE: DesktopState = {
  bounds: undefined,
  isMaximized: false,
  appearance: undefined,
  port: 0,
  notifications: true,
  quietUntil: 0,
  quietHours: undefined,
  keepRunning: false,
  looksForUpdates: false,
};

const MAX_FILE_BYTES = 4096;
/** Of a coordinate; beyond any desk, and safe for the arithmetic of the platforms. */
const MAX_COORDINATE = 100_000;

/** Pure. Takes what is right and replaces what is not: a file that somebody damaged costs a position, not a start. */
export function parseDesktopState(text: string): DesktopState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return FIRST_STATE;
  }
  if (typeof value !== 'object' || value === null) return FIRST_STATE;
  const { bounds, isMaximized, appearance, port, quietUntil, ...settings } = value as Record<string, unknown>;
  return {
    bounds: parseBounds(bounds),
    isMaximized: isMaximized === true,
    appearance: isAppearance(appearance) ? appearance : undefined,
    port: isWhole(port) && port >= 1024 && port <= 65_535 ? port : 0,
    notifications: settings.notifications !== false,
    quietUntil: Number.isSafeInteger(quietUntil) && (quietUntil as number) > 0 ? (quietUntil as number) : 0,
    quietHours: parseQuietHours(settings.quietHours),
    keepRunning: settings.keepRunning === true,
    looksForUpdates: settings.looksForUpdates === true,
  };
}

const MINUTES_A_DAY = 24 * 60;

function parseQuietHours(value: unknown): DesktopState['quietHours'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const { from, to } = value as Record<string, unknown>;
  const isMinute = (minute: unknown): minute is number => isWhole(minute) && minute >= 0 && minute < MINUTES_A_DAY;
  return isMinute(from) && isMinute(to) ? { from, to } : undefined;
}

function parseBounds(value: unknown): Rectangle | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, y, width, height } = value as Record<string, unknown>;
  if (!isWhole(x) || !isWhole(y) || !isWhole(width) || !isWhole(height) || width <= 0 || height <= 0) return undefined;
  return { x, y, width, height };
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= MAX_COORDINATE;
}

export interface DesktopStateFile {
  readonly current: DesktopState;
  /** Written at once; a place that cannot be written to is forgiven, since only comfort is lost. */
  change(change: Partial<DesktopState>): void;
}

export function openDesktopState(path: string): DesktopStateFile {
  let current = read(path);
  return {
    get current() {
      return current;
    },
    change(change) {
      current = { ...current, ...change };
      try {
        mkdirSync(dirname(path), { recursive: true });
        // Written beside and renamed: a power cut leaves the old file or the new one, never half of one.
        writeFileSync(`${path}.new`, `${JSON.stringify(current)}\n`, { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch {
        // As said above.
      }
    },
  };
}

function read(path: string): DesktopState {
  try {
    return statSync(path).size > MAX_FILE_BYTES ? FIRST_STATE : parseDesktopState(readFileSync(path, 'utf8'));
  } catch {
    return FIRST_STATE;
  }
}
