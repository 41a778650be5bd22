// The stretch of time that all charts of the view share, as the address holds it. Pure.
import type { MetricsRange } from '../../../app/contract/index.ts';

export const rangeLengths = [
  { name: '5m', label: '5 min', ms: 5 * 60_000 },
  { name: '15m', label: '15 min', ms: 15 * 60_000 },
  { name: '1h', label: '1 h', ms: 3_600_000 },
  { name: '6h', label: '6 h', ms: 6 * 3_600_000 },
  { name: '24h', label: '24 h', ms: 24 * 3_600_000 },
] as const;

export type RangeLength = (typeof rangeLengths)[number];

const usual = rangeLengths[1];
/** As many as a chart has room for. */
const points = 180;
const leastStepMs = 5000;

export function parseLength(text: string | undefined): RangeLength {
  return rangeLengths.find(({ name }) => name === text) ?? usual;
}

/** Epoch ms at which the view was held; null while it follows the present, and where the address holds no moment. */
export function parseUntil(text: string | undefined): number | null {
  return text !== undefined && /^\d{10,16}$/.test(text) ? Number(text) : null;
}

/** Ends on a multiple of its step, so that it stays the same until the next point. */
export function toRange({ ms }: RangeLength, until: number): MetricsRange {
  const stepMs = Math.max(leastStepMs, Math.ceil(ms / points / leastStepMs) * leastStepMs);
  const to = Math.floor(until / stepMs) * stepMs;
  return { from: to - Math.ceil(ms / stepMs) * stepMs, to, stepMs };
}
