// The laws that the seeded past was made by: how much is wanted of a product on a day, at its price of that day.
// No service reads them; they are what the services' models have to find out, and their tests compare.
import { HISTORY_DAYS, toDayStartMs } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { findPriceCents } from './prices.ts';
import { createRandom, toSeed } from './random.ts';

export interface Wish {
  /** Pieces a day at the catalogue's price, on average over a year. */
  unitsPerDay: number;
  /** What is added over the whole past, as a share. */
  trend: number;
  /** Wanted pieces go with price ** elasticity; always negative. */
  elasticity: number;
}

/** From Monday: more is sold towards the weekend. */
const WEEK = [0.8, 0.8, 0.9, 1, 1.1, 1.3, 1.1];
const DAYS_OF_YEAR = 365;
/** Category → the day of the year on which most is sold, how much more that is, and how buyers mind the price. */
const LAWS: Readonly<Record<string, { peakDay: number; swing: number; elasticity: number }>> = {
  kitchen: { peakDay: 340, swing: 0.25, elasticity: -1.9 },
  garden: { peakDay: 140, swing: 0.5, elasticity: -2.3 },
  audio: { peakDay: 345, swing: 0.35, elasticity: -2.9 },
  office: { peakDay: 250, swing: 0.2, elasticity: -1.5 },
  running: { peakDay: 115, swing: 0.3, elasticity: -2.6 },
  camping: { peakDay: 185, swing: 0.5, elasticity: -2.4 },
  toys: { peakDay: 345, swing: 0.5, elasticity: -3.3 },
  bicycles: { peakDay: 150, swing: 0.4, elasticity: -2.0 },
  bathroom: { peakDay: 30, swing: 0.15, elasticity: -1.7 },
  bedroom: { peakDay: 320, swing: 0.2, elasticity: -2.1 },
  tools: { peakDay: 110, swing: 0.25, elasticity: -1.6 },
  pets: { peakDay: 330, swing: 0.1, elasticity: -1.3 },
  swimming: { peakDay: 180, swing: 0.5, elasticity: -2.8 },
  painting: { peakDay: 335, swing: 0.3, elasticity: -2.2 },
};
const NO_LAW = { peakDay: 1, swing: 0, elasticity: -1 };

const wishes = new Map<number, Wish>();
const seasons = new Map<string, Float64Array>();

export function findWish(product: Product): Wish {
  const known = wishes.get(product.id);
  if (known !== undefined) return known;
  const random = createRandom(toSeed(`wish ${product.id}`));
  const wish = {
    // A few sell much, most sell little.
    unitsPerDay: 2 + 30 * random() ** 4,
    trend: random() * 0.6 - 0.2,
    elasticity: (LAWS[product.category] ?? NO_LAW).elasticity * (0.85 + random() * 0.3),
  };
  wishes.set(product.id, wish);
  return wish;
}

/** The week's and the year's share in a day, 1 on average. */
export function findSeason(category: string, day: number): number {
  let season = seasons.get(category);
  if (season === undefined) {
    const { peakDay, swing } = LAWS[category] ?? NO_LAW;
    season = Float64Array.from({ length: HISTORY_DAYS }, (_, day) => {
      const angle = (2 * Math.PI * (toDayOfYear(day) - peakDay)) / DAYS_OF_YEAR;
      return (WEEK[day % 7] ?? 1) * (1 + swing * Math.cos(angle));
    });
    seasons.set(category, season);
  }
  return season[day] ?? 1;
}

/** Pieces wanted on a day of the past, as an expectation. */
export function findUnitsWanted(product: Product, day: number): number {
  const { unitsPerDay, trend } = findWish(product);
  return unitsPerDay * (1 + (trend * day) / HISTORY_DAYS) * findSeason(product.category, day) * findPull(product, day);
}

/** How many times more is wanted at the price of that day than at the catalogue's. */
export function findPull(product: Product, day: number): number {
  const cents = findPriceCents(product, day);
  return cents === product.priceCents ? 1 : (cents / product.priceCents) ** findWish(product).elasticity;
}

function toDayOfYear(day: number): number {
  const date = new Date(toDayStartMs(day));
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}
