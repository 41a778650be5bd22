// Moments as the operator wants to read them: UTC or local. What leaves the window (Markdown, HAR, CSV) stays UTC.
import { useMemo } from 'react';
import { type TimeZone, usePreferences } from '../state/preferences.ts';
import { formatClock, formatDay, formatMoment, nameZone } from './format.ts';

export interface Times {
  zone: TimeZone;
  /** `UTC`, or what this machine adds to it: `UTC+02:00`. */
  zoneName: string;
  clock: (at: number | null | undefined, options?: { milliseconds?: boolean }) => string;
  moment: (at: number | null | undefined) => string;
  /** `2026-03-04`. */
  day: (at: number) => string;
}

export function toTimes(zone: TimeZone): Times {
  return {
    zone,
    zoneName: nameZone(Date.now(), zone),
    clock: (at, options) => formatClock(at, { ...options, zone }),
    moment: (at) => formatMoment(at, zone),
    day: (at) => formatDay(at, zone),
  };
}

export function useTimes(): Times {
  const zone = usePreferences((state) => state.timeZone);
  return useMemo(() => toTimes(zone), [zone]);
}
