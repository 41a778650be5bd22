import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMBEDDING_SIZE, toCosine, toEmbedding } from './embedding.ts';

const embed = (text: string) => toEmbedding([{ text, weight: 1 }]);

test('every text has a vector of one size and of length 1, or of zeros when it has no letter', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const vector = embed(text);
      expect(vector).toHaveLength(EMBEDDING_SIZE);
      const length = Math.hypot(...vector);
      expect(/[\p{L}\p{N}]/u.test(text) ? Math.abs(length - 1) < 1e-9 || length === 0 : length === 0).toBe(true);
    }),
  );
});

test('the same text has the same vector, whatever its case and signs', () => {
  expect(embed('Red Kettle!')).toEqual(embed('red kettle'));
});

test('a word with a slip of the pen lies nearer to itself than to any other', () => {
  const words = ['kettle', 'teapot', 'headphones', 'screwdriver', 'mattress', 'goggles'];
  for (const [slip, meant] of [
    ['ketle', 'kettle'],
    ['hedphones', 'headphones'],
    ['scredriver', 'screwdriver'],
    ['matress', 'mattress'],
  ] as const) {
    const nearest = words.toSorted((a, b) => toCosine(embed(slip), embed(b)) - toCosine(embed(slip), embed(a)))[0];
    expect([slip, nearest]).toEqual([slip, meant]);
  }
});

test('what weighs more decides the direction', () => {
  const mixed = toEmbedding([
    { text: 'kettle', weight: 3 },
    { text: 'garden', weight: 1 },
  ]);
  expect(toCosine(mixed, embed('kettle'))).toBeGreaterThan(2 * toCosine(mixed, embed('garden')));
});

test('a text of megabytes costs no more than its first letters', () => {
  expect(embed('kettle '.repeat(200_000))).toEqual(embed('kettle '.repeat(200_000).slice(0, 2_000)));
});
