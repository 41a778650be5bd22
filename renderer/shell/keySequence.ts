// Which shortcut a key press completes. Pure: sequences like `g o` are two presses within a second.

export const SEQUENCE_MS = 1000;

export interface KeyMemory {
  prefix: string | null;
  at: number;
}

export interface KeyPress {
  key: string;
  at: number;
  /** Ctrl, ⌘ or Alt is held: belongs to the browser or to the palette. */
  modified: boolean;
  /** The press goes into a text field. */
  typing: boolean;
}

export interface KeyResult {
  memory: KeyMemory;
  /** The shortcut that this press completes, for example `g o` or `?`. */
  shortcut: string | null;
}

const NO_PREFIX: KeyMemory = { prefix: null, at: 0 };

export function pressKey(memory: KeyMemory, press: KeyPress, known: ReadonlySet<string>): KeyResult {
  if (press.modified) return { memory: NO_PREFIX, shortcut: null };
  // Esc leaves a field too; everything else is text there.
  if (press.typing && press.key !== 'Escape') return { memory: NO_PREFIX, shortcut: null };
  if (memory.prefix !== null && press.at - memory.at <= SEQUENCE_MS) {
    const sequence = `${memory.prefix} ${press.key}`;
    if (known.has(sequence)) return { memory: NO_PREFIX, shortcut: sequence };
  }
  if (known.has(press.key)) return { memory: NO_PREFIX, shortcut: press.key };
  const begins = [...known].some((shortcut) => shortcut.startsWith(`${press.key} `));
  return { memory: begins ? { prefix: press.key, at: press.at } : NO_PREFIX, shortcut: null };
}
