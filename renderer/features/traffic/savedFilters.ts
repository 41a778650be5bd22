// Filters that the operator keeps, in this browser. Pure but for the two functions at the end.

export interface SavedFilter {
  name: string;
  filter: string;
}

const KEY = 'gatehouse.traffic.filters';
const LIMIT = 30;
const LENGTH_LIMIT = 500;

/** Always offered. */
export const givenFilters: readonly SavedFilter[] = [
  { name: 'Failed', filter: 'status:5xx' },
  { name: 'Refused by a breaker', filter: 'code:breaker-open' },
  { name: 'Client errors', filter: 'status:4xx' },
  { name: 'Slow', filter: 'ms>500' },
  { name: 'Without demo traffic', filter: 'demo:no' },
];

/** What was stored may be from another version or by another hand: whatever is not a filter is left out. */
export function parseSavedFilters(stored: string | null): SavedFilter[] {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(value)) return [];
  return value.filter(isSavedFilter).slice(0, LIMIT);
}

function isSavedFilter(value: unknown): value is SavedFilter {
  if (typeof value !== 'object' || value === null) return false;
  const { name, filter } = value as Record<string, unknown>;
  return [name, filter].every((text) => typeof text === 'string' && text !== '' && text.length <= LENGTH_LIMIT);
}

/** With the filter last; one of the same name is replaced, and above the limit the oldest goes. */
export function withSavedFilter(saved: readonly SavedFilter[], added: SavedFilter): SavedFilter[] {
  return [...withoutSavedFilter(saved, added.name), added].slice(-LIMIT);
}

export function withoutSavedFilter(saved: readonly SavedFilter[], name: string): SavedFilter[] {
  return saved.filter((one) => one.name !== name);
}

export function readSavedFilters(): SavedFilter[] {
  return parseSavedFilters(localStorage.getItem(KEY));
}

export function writeSavedFilters(saved: readonly SavedFilter[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(saved));
  } catch {
    // A full or forbidden storage: the filters then last as long as the window.
  }
}
