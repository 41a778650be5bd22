// What the operator prefers in this browser, for all of its windows. Never data of the host.
import { create } from 'zustand';

/** UTC, as logs and traces have it, or the clock of this machine. */
export type TimeZone = 'utc' | 'local';

interface Preferences {
  timeZone: TimeZone;
}

interface PreferencesState extends Preferences {
  setTimeZone: (timeZone: TimeZone) => void;
}

const KEY = 'gatehouse.preferences';

/** What was stored may be from another version or by another hand: whatever is not understood is as it is by default. */
export function parsePreferences(stored: string | null): Preferences {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? '{}');
  } catch {
    value = {};
  }
  const { timeZone } = (value ?? {}) as Record<string, unknown>;
  return { timeZone: timeZone === 'local' ? 'local' : 'utc' };
}

export const usePreferences = create<PreferencesState>()((set) => ({
  ...parsePreferences(read()),
  setTimeZone: (timeZone) => {
    set({ timeZone });
    write({ timeZone });
  },
}));

/** Another window of this browser has changed them. */
if (typeof window !== 'undefined') {
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY) usePreferences.setState(parsePreferences(newValue));
  });
}

function read(): string | null {
  return typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY);
}

function write(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // A full or forbidden storage: the choice then lasts as long as the window.
  }
}
