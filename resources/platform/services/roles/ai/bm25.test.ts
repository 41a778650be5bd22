import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBm25 } from './bm25.ts';

const index = createBm25([
  { id: 1, tokens: ['red', 'kettle'] },
  { id: 2, tokens: ['red', 'tent'] },
  { id: 3, tokens: ['red', 'kettle', 'steel', 'kitchen', 'home', 'cooking'] },
]);

test('a score is the weight of a token times its dampened count', () => {
  // Worked out by hand: weight ln(1 + 1.5 / 2.5) = ln 1.6; mean length 10 / 3; k1 1.2, b 0.75.
  const dampened = 2.2 / (1 + 1.2 * (0.25 + (0.75 * 2) / (10 / 3)));
  expect(index.rank(['kettle'])[0]).toEqual({ id: 1, score: expect.closeTo(Math.log(1.6) * dampened, 12) });
});

test('a rare token counts more than one that all have, and of two that have both the shorter comes first', () => {
  expect(index.rank(['red', 'kettle']).map(({ id }) => id)).toEqual([1, 3, 2]);
});

test('tokens that nobody has find nothing', () => {
  expect(index.rank(['zebra'])).toEqual([]);
  expect(index.rank([])).toEqual([]);
});

test('what covers all of a question covers 1 of it, and unknown words count most against it', () => {
  expect(index.findCoverage(['red', 'kettle'], 1)).toBe(1);
  expect(index.findCoverage(['kettle', 'zebra'], 1)).toBeLessThan(0.5);
  expect(index.findCoverage([], 1)).toBe(0);
});

test('a document that has a token of the question never scores below one that has none', () => {
  const tokens = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(tokens, { minLength: 1, maxLength: 8 }), tokens, (documents, question) => {
      const ranked = createBm25(documents.map((tokens, id) => ({ id, tokens }))).rank(question);
      const holders = documents.flatMap((tokens, id) => (tokens.some((token) => question.includes(token)) ? [id] : []));
      expect(ranked.map(({ id }) => id).sort()).toEqual(holders.sort());
      expect(ranked.every(({ score }) => score > 0)).toBe(true);
    }),
  );
});
