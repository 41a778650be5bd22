import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../data/random.ts';
import { explain, findAuc, trainLogistic } from './logistic.ts';

function createRows(count: number) {
  const random = createRandom(11);
  return Array.from({ length: count }, () => {
    const features = [random() * 10, random(), 7];
    const odds = 1.5 * ((features[0] ?? 0) - 5) - 2 * (features[1] ?? 0);
    return { features, label: random() < 1 / (1 + Math.exp(-odds)) };
  });
}

const rows = createRows(800);
const model = trainLogistic(rows);

test('the weights have the signs of what made the labels, and a feature that never changes has none', () => {
  expect(model.weights[0]).toBeGreaterThan(1);
  expect(model.weights[1]).toBeLessThan(0);
  expect(model.weights[2]).toBe(0);
});

test('it is at the bottom: the mean of what it expects is the mean of the labels', () => {
  const expected = rows.reduce((sum, { features }) => sum + explain(model, features).probability, 0) / rows.length;
  expect(expected).toBeCloseTo(rows.filter(({ label }) => label).length / rows.length, 2);
});

test('the same rows give the same model to the last bit', () => {
  expect(trainLogistic(createRows(800))).toEqual(model);
});

test('contributions and intercept are the log odds', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 }), (features) => {
      const { probability, contributions } = explain(model, features);
      const odds = contributions.reduce((sum, value) => sum + value, model.intercept);
      expect(probability).toBeCloseTo(1 / (1 + Math.exp(-odds)), 12);
    }),
  );
});

test('a feature that is not known adds nothing', () => {
  expect(explain(model, [undefined, 0.5, 7]).contributions[0]).toBe(0);
});

test('without rows there is nothing to learn', () => {
  expect(() => trainLogistic([])).toThrow('there are no rows to learn from');
});

test.each([
  [[0.1, 0.2, 0.8, 0.9], [false, false, true, true], 1],
  [[0.9, 0.8, 0.2, 0.1], [false, false, true, true], 0],
  [[0.5, 0.5, 0.5, 0.5], [false, true, false, true], 0.5],
  [[0.1, 0.4, 0.35, 0.8], [false, false, true, true], 0.75],
  [[0.3], [true], 0.5],
])('scores %j with labels %j have the area %d', (scores, labels, area) => {
  expect(findAuc(scores.map((score, index) => ({ score, label: labels[index] ?? false })))).toBeCloseTo(area, 12);
});

test('the area is the share of pairs in the right order', () => {
  const scored = fc.record({ score: fc.integer({ min: 0, max: 9 }), label: fc.boolean() });
  fc.assert(
    fc.property(fc.array(scored, { maxLength: 30 }), (list) => {
      const pairs = list
        .filter(({ label }) => label)
        .flatMap((a) => list.filter(({ label }) => !label).map((b) => a.score - b.score));
      const right = pairs.reduce((sum, gap) => sum + (gap > 0 ? 1 : gap === 0 ? 0.5 : 0), 0);
      expect(findAuc(list)).toBeCloseTo(pairs.length === 0 ? 0.5 : right / pairs.length, 9);
    }),
  );
});
