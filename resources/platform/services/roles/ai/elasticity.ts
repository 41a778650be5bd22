// By how many per cent sales change when the price rises by one: the slope of log pieces over log price, by least
// squares, with what moved the whole category (season, trend) taken out week by week.
import { mean } from './holtWinters.ts';

export interface Observation {
  /** The same for all products of a week. */
  week: number;
  units: number;
  cents: number;
}

export interface Slope {
  slope: number;
  /** Infinite where nothing is known: too few points, or a price that never moved. */
  standardError: number;
}

export interface Elasticity {
  value: number;
  standardError: number;
  weeks: number;
}

/** Ordinary least squares of y over x, both taken relative to their means. */
export function fitSlope(x: readonly number[], y: readonly number[]): Slope {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, xy] = [0, 0];
  for (const [index, value] of x.entries()) {
    xx += (value - meanX) ** 2;
    xy += (value - meanX) * ((y[index] ?? 0) - meanY);
  }
  // Below this, what looks like a price change is the rounding of floats.
  if (x.length < 3 || xx < 1e-9) return { slope: 0, standardError: Number.POSITIVE_INFINITY };
  const slope = xy / xx;
  let rest = 0;
  for (const [index, value] of x.entries()) rest += ((y[index] ?? 0) - meanY - slope * (value - meanX)) ** 2;
  return { slope, standardError: Math.sqrt(rest / (x.length - 2) / xx) };
}

/** What is left of y once its straight line over time is taken off. */
function withoutTrend(time: readonly number[], y: readonly number[]): number[] {
  const { slope } = fitSlope(time, y);
  const [meanTime, meanY] = [mean(time), mean(y)];
  return y.map((value, index) => value - meanY - slope * ((time[index] ?? 0) - meanTime));
}

/**
 * One elasticity for each of a category's products, each by its own weeks without what moved all of them (season) and
 * without its own trend. What its weeks say is drawn towards the category's mean, the more
 * the less sure it is (partial pooling by precision). Weeks without a sale have no logarithm and are left out.
 */
export function estimateElasticities(products: ReadonlyMap<number, readonly Observation[]>): Map<number, Elasticity> {
  const seen = new Map([...products].map(([id, observations]) => [id, toLogs(observations)]));
  const common = findCommonMoves([...seen.values()]);
  const own = new Map(
    [...seen].map(([id, { weeks, units, cents }]) => {
      const moved = units.map((value, index) => value - (common.get(weeks[index] ?? 0) ?? 0));
      // A list price that was raised late meets a product that sells better by the year: without this, the one would
      // be taken for the cause of the other (Frisch, Waugh and Lovell).
      return [id, { ...fitSlope(withoutTrend(weeks, cents), withoutTrend(weeks, moved)), weeks: weeks.length }];
    }),
  );
  const sure = [...own.values()].filter(({ standardError }) => Number.isFinite(standardError));
  const center = mean(sure.map(({ slope }) => slope));
  // What is left of the spread once chance is taken off is how much the products really differ.
  const spread = mean(sure.map(({ slope }) => (slope - center) ** 2));
  const chance = mean(sure.map(({ standardError }) => standardError ** 2));
  const between = Math.max(spread - chance, 0.01);
  return new Map(
    [...own].map(([id, { slope, standardError, weeks }]) => {
      const precision = Number.isFinite(standardError) ? 1 / Math.max(standardError ** 2, 1e-9) : 0;
      const total = precision + 1 / between;
      return [
        id,
        { value: (slope * precision + center / between) / total, standardError: Math.sqrt(1 / total), weeks },
      ];
    }),
  );
}

interface Logs {
  weeks: number[];
  units: number[];
  cents: number[];
}

function toLogs(observations: readonly Observation[]): Logs {
  const logs: Logs = { weeks: [], units: [], cents: [] };
  for (const { week, units, cents } of observations) {
    if (units <= 0 || cents <= 0) continue;
    logs.weeks.push(week);
    logs.units.push(Math.log(units));
    logs.cents.push(Math.log(cents));
  }
  return logs;
}

/** How far each week lies from the products' own means, on average over the products. */
function findCommonMoves(products: readonly Logs[]): Map<number, number> {
  const moves = new Map<number, { sum: number; count: number }>();
  for (const { weeks, units } of products) {
    const usual = mean(units);
    for (const [index, week] of weeks.entries()) {
      const move = moves.get(week) ?? { sum: 0, count: 0 };
      moves.set(week, move);
      move.sum += (units[index] ?? 0) - usual;
      move.count += 1;
    }
  }
  return new Map([...moves].map(([week, { sum, count }]) => [week, sum / count]));
}

export interface PriceBounds {
  floorCents: number;
  capCents: number;
}

export interface Suggestion {
  cents: number;
  because: string;
}

/**
 * The price of most profit at constant elasticity e: cost × e ÷ (e + 1), where e is below -1 (Lerner, 1934). Above that,
 * each rise would pay, and the cap alone holds. Always within the bounds; a floor above the cap wins, as it is the cost.
 */
export function suggestPrice(costCents: number, elasticity: number, { floorCents, capCents }: PriceBounds): Suggestion {
  const best = elasticity < -1 ? (costCents * elasticity) / (elasticity + 1) : Number.POSITIVE_INFINITY;
  if (best >= capCents)
    return { cents: Math.max(floorCents, capCents), because: 'buyers mind the price little: the cap' };
  if (best <= floorCents) return { cents: floorCents, because: 'buyers mind the price much: the floor' };
  return { cents: Math.round(best), because: 'the price of most profit at this elasticity' };
}
