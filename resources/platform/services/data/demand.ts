// Units sold a day of each product over the last 90 days of the seeded past, and a forecast over any such history.
import type { Product } from './catalogue.ts';
import { createRandom, toSeed } from './random.ts';

export const HISTORY_DAYS = 90;
/** Weekdays from Monday: more is sold towards the weekend. */
const WEEK = [0.8, 0.8, 0.9, 1, 1.2, 1.5, 1.3];

export function createHistory(product: Product): number[] {
  const random = createRandom(toSeed(`demand ${product.id}`));
  const base = 2 + random() * 30;
  const trend = (random() - 0.4) * 0.1;
  return Array.from({ length: HISTORY_DAYS }, (_, day) => {
    const seasonal = base * (WEEK[day % 7] ?? 1) + trend * day;
    return Math.max(0, Math.round(seasonal * (0.75 + random() * 0.5)));
  });
}

/**
 * Simple exponential smoothing: level ← alpha × sold + (1 − alpha) × level. The forecast of every coming day is the
 * last level. `meanAbsoluteError` is that of its own one-day-ahead forecasts over the history.
 */
export function smooth(history: readonly number[], alpha: number): { level: number; meanAbsoluteError: number } {
  const [first = 0, ...rest] = history;
  let level = first;
  let errors = 0;
  for (const sold of rest) {
    errors += Math.abs(sold - level);
    level = alpha * sold + (1 - alpha) * level;
  }
  return { level, meanAbsoluteError: rest.length === 0 ? 0 : errors / rest.length };
}
