import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../data/random.ts';
import { chooseSmoothing, fitHoltWinters, forecast, mean } from './holtWinters.ts';

const smoothing = { alpha: 0.2, beta: 0.01, gamma: 0.1 };

test('a line with a season is continued without any error', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: -5, max: 5 }),
      fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 9 }),
      (start, slope, season) => {
        const at = (step: number) => start + slope * step + (season[step % season.length] ?? 0);
        const length = 5 * season.length + 1;
        const fit = fitHoltWinters(
          Array.from({ length }, (_, step) => at(step)),
          season.length,
          smoothing,
        );
        for (const [index, { expected, low, high }] of forecast(fit, 12, 2).entries()) {
          expect(expected).toBeCloseTo(at(length + index), 6);
          expect(high - low).toBeCloseTo(0, 6);
        }
      },
    ),
  );
});

test('one step moves level, trend and season by their share of the error', () => {
  // Two flat periods of two, then a jump by 10 where 4 was expected.
  const fit = fitHoltWinters([4, 4, 4, 4, 14], 2, { alpha: 0.5, beta: 0.1, gamma: 0.2 });
  expect(fit).toMatchObject({ level: 9, trend: 1, errors: [10] });
  expect(fit.season).toEqual([0, 2]);
});

test('intervals widen with the distance as the formula says', () => {
  const fit = { level: 0, trend: 0, season: [0, 0], errors: [2, -2], smoothing: { alpha: 0.5, beta: 0.1, gamma: 0.2 } };
  const widths = forecast(fit, 4, 1).map(({ high }) => high);
  // The variance 4, times 1 + the squares of alpha + beta × j + gamma at every second j.
  expect(widths.map((width) => width ** 2 / 4)).toEqual(
    [1, 1 + 0.6 ** 2, 1 + 0.6 ** 2 + 0.9 ** 2, 1 + 0.6 ** 2 + 0.9 ** 2 + 0.8 ** 2].map((value) =>
      expect.closeTo(value, 12),
    ),
  );
});

test('on a noisy week, about 95 of 100 values lie in the interval of 95 %, and it beats the same day of the week before', () => {
  const random = createRandom(7);
  const noise = () => random() + random() + random() + random() - 2;
  const series = Array.from(
    { length: 730 },
    (_, day) => 100 + day * 0.05 + 20 * Math.sin((day * 2 * Math.PI) / 7) + 10 * noise(),
  );
  const chosen = chooseSmoothing([series.slice(0, 364)], 7);
  let inside = 0;
  const errors: number[] = [];
  const naive: number[] = [];
  for (let day = 400; day < 723; day += 7) {
    for (const [index, { expected, low, high }] of forecast(
      fitHoltWinters(series.slice(0, day), 7, chosen),
      7,
      1.96,
    ).entries()) {
      const actual = series[day + index] ?? 0;
      if (actual >= low && actual <= high) inside += 1;
      errors.push(Math.abs(actual - expected));
      naive.push(Math.abs(actual - (series[day + index - 7] ?? 0)));
    }
  }
  expect(inside / errors.length).toBeGreaterThan(0.9);
  expect(inside / errors.length).toBeLessThan(0.99);
  expect(mean(errors)).toBeLessThan(0.8 * mean(naive));
});

test('a series that is too short is refused with what it needs', () => {
  expect(() => fitHoltWinters([1, 2, 3], 2, smoothing)).toThrow('a series of 3 is too short; 4 values');
});

test('the smoothing that is chosen has the least errors of all that are tried', () => {
  const steady = Array.from({ length: 70 }, (_, day) => 10 + (day % 7));
  const jumping = Array.from({ length: 70 }, (_, day) => (day < 40 ? 10 : 60) + (day % 7));
  expect(chooseSmoothing([jumping], 7).alpha).toBeGreaterThan(chooseSmoothing([steady], 7).alpha);
});
