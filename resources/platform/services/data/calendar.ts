// The days of the seeded past: two years that end on a fixed day, so that nothing here depends on today.

/** A Monday. */
export const FIRST_DAY = '2024-07-01';
export const LAST_DAY = '2026-06-30';
export const HISTORY_DAYS = 730;

const FIRST_MS = Date.parse(`${FIRST_DAY}T00:00:00Z`);
export const DAY_MS = 86_400_000;

/** Midnight (UTC) at which day `day` of the past begins, counted from 0; negative days lie before it. */
export function toDayStartMs(day: number): number {
  return FIRST_MS + day * DAY_MS;
}

/** The day in which a moment lies, counted from 0 on FIRST_DAY. */
export function toDay(isoText: string): number {
  return Math.floor((Date.parse(isoText) - FIRST_MS) / DAY_MS);
}

/** `2026-06-30` for day 729. */
export function toDateText(day: number): string {
  return new Date(toDayStartMs(day)).toISOString().slice(0, 10);
}
