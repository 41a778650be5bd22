import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../data/random.ts';
import { estimateElasticities, fitSlope, type Observation, suggestPrice } from './elasticity.ts';

test('the slope of a straight line is found exactly, and its error is none', () => {
  const { slope, standardError } = fitSlope([1, 2, 4], [3, 5, 9]);
  expect(slope).toBeCloseTo(2, 12);
  expect(standardError).toBeCloseTo(0, 12);
});

test('the standard error is that of the textbook', () => {
  // Rests -1/3, 2/3, -1/3 around the slope 1: sum of squares 2/3, one degree of freedom, spread of x 2.
  expect(fitSlope([0, 1, 2], [0, 2, 2])).toEqual({
    slope: 1,
    standardError: expect.closeTo(Math.sqrt(2 / 3 / 1 / 2), 12),
  });
});

test('a price that never moved says nothing', () => {
  expect(fitSlope([5, 5, 5], [1, 2, 3])).toEqual({ slope: 0, standardError: Number.POSITIVE_INFINITY });
});

/** Sales that go with price ** e, times a season that all share, with noise. */
function createWeeks(elasticity: number, random: () => number, trend = 0): Observation[] {
  return Array.from({ length: 104 }, (_, week) => {
    const cents = random() < 0.2 ? 800 : week > 60 ? 1_050 : 1_000;
    const season = 1 + 0.5 * Math.cos((week * 2 * Math.PI) / 52);
    return {
      week,
      cents,
      units: 500 * season * (1 + (trend * week) / 104) * (cents / 1_000) ** elasticity * (0.9 + 0.2 * random()),
    };
  });
}

test('the elasticity is found through season, trend and noise', () => {
  const random = createRandom(3);
  const truth = Array.from({ length: 30 }, (_, id) => ({ id, elasticity: -1 - (id % 5) * 0.4 }));
  const found = estimateElasticities(
    new Map(truth.map(({ id, elasticity }) => [id, createWeeks(elasticity, random, (id % 3) * 0.3)])),
  );
  for (const { id, elasticity } of truth) expect(Math.abs((found.get(id)?.value ?? 0) - elasticity)).toBeLessThan(0.25);
});

test('what is known of a product too little is drawn to the mean of its category', () => {
  const random = createRandom(4);
  const products = new Map(Array.from({ length: 20 }, (_, id) => [id, createWeeks(-2, random)]));
  products.set(99, [{ week: 0, units: 3, cents: 1_000 }]);
  const found = estimateElasticities(products).get(99);
  expect(found?.weeks).toBe(1);
  // The one week counts towards the category's too, a little.
  expect(Math.abs((found?.value ?? 0) + 2)).toBeLessThan(0.2);
});

test('weeks without a sale are left out', () => {
  const weeks = createWeeks(-2, createRandom(5)).map((week, index) => (index % 4 === 0 ? { ...week, units: 0 } : week));
  expect(estimateElasticities(new Map([[1, weeks]])).get(1)?.weeks).toBe(78);
});

test('no suggestion ever leaves its bounds, and none has more profit within them', () => {
  const profit = (cents: number, cost: number, elasticity: number) => (cents - cost) * cents ** elasticity;
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 50_000 }),
      fc.double({ min: -6, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 100 }),
      (cost, elasticity, room) => {
        const bounds = {
          floorCents: Math.ceil(cost * 1.03),
          capCents: Math.ceil(cost * 1.03) + Math.round((cost * room) / 50),
        };
        const { cents } = suggestPrice(cost, elasticity, bounds);
        expect(cents).toBeGreaterThanOrEqual(bounds.floorCents);
        expect(cents).toBeLessThanOrEqual(bounds.capCents);
        const best = profit(cents, cost, elasticity);
        // Rounding to whole cents costs next to nothing.
        for (const other of [bounds.floorCents, bounds.capCents, (bounds.floorCents + bounds.capCents) / 2]) {
          expect(best).toBeGreaterThanOrEqual(profit(other, cost, elasticity) * (1 - 1e-4));
        }
      },
    ),
  );
});

test('a floor above the cap wins', () => {
  expect(suggestPrice(100, -3, { floorCents: 120, capCents: 110 }).cents).toBe(120);
});
