// Figures as text. Pure, with fixed units and digits, so that a changing value does not move its neighbours.
import type { TimeZone } from '../state/preferences.ts';

/** What stands where nothing is known; never a zero. */
export const NOTHING = '–';
/** Groups digits without breaking the line: narrow no-break space. */
const GROUP = '\u202f';

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, GROUP);
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** 38214 → `38 214`. */
export function formatCount(value: number | null | undefined): string {
  return isKnown(value) ? `${value < 0 ? '-' : ''}${grouped(String(Math.round(Math.abs(value))))}` : NOTHING;
}

/** Requests per second without its unit: one digit after the point below 1000, so that columns stay aligned. */
export function formatRate(perSecond: number | null | undefined): string {
  if (!isKnown(perSecond)) return NOTHING;
  if (perSecond >= 1000) return formatCount(perSecond);
  if (perSecond > 0 && perSecond < 0.05) return '<0.1';
  return perSecond.toFixed(1);
}

/** A share of 0 to 1 as percent without the sign: 0.093 → `9.3`. Never rounds something down to nothing. */
export function formatPercent(share: number | null | undefined): string {
  if (!isKnown(share)) return NOTHING;
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return '<0.1';
  if (percent < 100 && percent > 99.95) return '>99.9';
  return percent.toFixed(1);
}

/** Milliseconds without the unit: 0.42 → `0.4`, 84.3 → `84`, 1204 → `1 204`. */
export function formatMs(ms: number | null | undefined): string {
  if (!isKnown(ms)) return NOTHING;
  if (ms < 9.95) return ms.toFixed(1);
  return formatCount(ms);
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** 1024-based, as the engine and the gateway count memory: 43 010 048 → `41 MB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!isKnown(bytes)) return NOTHING;
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${bytes < 0 ? '-' : ''}${text} ${BYTE_UNITS[unit]}`;
}

/** The two largest parts: `41 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`. Below one second `0 s`. */
export function formatDuration(ms: number | null | undefined): string {
  if (!isKnown(ms)) return NOTHING;
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** One part only, for tight places: `41 s`, `3 min`, `2 h`, `3 d`. */
export function formatAge(ms: number | null | undefined): string {
  if (!isKnown(ms)) return NOTHING;
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** UTC, as logs and traces have it, or the clock of this machine: `14:03:29`, or with milliseconds `14:03:29.412`. */
export function formatClock(
  at: number | null | undefined,
  { milliseconds = false, zone = 'utc' }: { milliseconds?: boolean; zone?: TimeZone } = {},
): string {
  const date = toZoned(at, zone);
  if (!date) return NOTHING;
  return date.toISOString().slice(11, milliseconds ? 23 : 19);
}

/** `2026-03-04 14:03:29 UTC`, or local `2026-03-04 16:03:29 UTC+02:00`. */
export function formatMoment(at: number | null | undefined, zone: TimeZone = 'utc'): string {
  if (!toZoned(at, zone)) return NOTHING;
  return `${formatDay(at, zone)} ${formatClock(at, { zone })} ${nameZone(at ?? 0, zone)}`;
}

/** `2026-03-04`. */
export function formatDay(at: number | null | undefined, zone: TimeZone = 'utc'): string {
  return toZoned(at, zone)?.toISOString().slice(0, 10) ?? NOTHING;
}

/** `UTC`, or what this machine adds to it at that moment: `UTC+02:00`. */
export function nameZone(at: number, zone: TimeZone): string {
  if (zone === 'utc') return 'UTC';
  const minutes = -new Date(at).getTimezoneOffset();
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** A date whose UTC parts are those of the zone; undefined for what is no moment. */
function toZoned(at: number | null | undefined, zone: TimeZone): Date | undefined {
  if (!isKnown(at)) return undefined;
  const offsetMs = zone === 'utc' ? 0 : -new Date(at).getTimezoneOffset() * 60_000;
  const date = new Date(at + offsetMs);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** `1 service`, `3 services`. */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
