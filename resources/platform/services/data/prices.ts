// What a product has cost on each day of the seeded past: a list price that was raised once or twice, and sales of one
// to three weeks below it. On the last day it costs what the catalogue says.
import { HISTORY_DAYS } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { createRandom, drawWhole, toSeed } from './random.ts';

interface Period {
  fromDay: number;
  /** The first day after it. */
  toDay: number;
  share: number;
}

const SALES = 5;
/** No sale reaches into the last days, so that the past ends at today's price. */
const QUIET_DAYS = 10;

const known = new Map<number, Period[]>();

/** Cents a piece on day `day` (0 to HISTORY_DAYS - 1) of the past. */
export function findPriceCents(product: Product, day: number): number {
  let share = 1;
  for (const period of findPeriods(product.id)) if (day >= period.fromDay && day < period.toDay) share *= period.share;
  // Prices end in a zero, as those of the catalogue do.
  return share === 1 ? product.priceCents : Math.max(10, Math.round((product.priceCents * share) / 10) * 10);
}

function findPeriods(id: number): readonly Period[] {
  const found = known.get(id) ?? createPeriods(id);
  known.set(id, found);
  return found;
}

function createPeriods(id: number): Period[] {
  const random = createRandom(toSeed(`price ${id}`));
  const raised = drawWhole(random, 150, 550);
  const periods: Period[] = [{ fromDay: 0, toDay: raised, share: 0.88 + random() * 0.1 }];
  const room = (HISTORY_DAYS - QUIET_DAYS) / SALES;
  for (let sale = 0; sale < SALES; sale += 1) {
    const days = 7 * drawWhole(random, 1, 3);
    const fromDay = Math.floor(sale * room + random() * (room - days));
    periods.push({ fromDay, toDay: fromDay + days, share: 0.95 - random() * 0.25 });
  }
  return periods;
}

/** What a piece costs the shop: half to 72 % of the catalogue's price. */
export function findCostCents(product: Product): number {
  const random = createRandom(toSeed(`cost ${product.id}`));
  return Math.round(product.priceCents * (0.5 + random() * 0.22));
}
