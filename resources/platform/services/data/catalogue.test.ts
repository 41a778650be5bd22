import { expect, test } from 'vitest';
import { CATALOGUE, findProduct, toNoun } from './catalogue.ts';

test('the catalogue holds about 1,200 products whose ids and names are their own', () => {
  expect(CATALOGUE).toHaveLength(1_200);
  expect(CATALOGUE.map((product) => product.id)).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
  expect(new Set(CATALOGUE.map((product) => product.name)).size).toBe(CATALOGUE.length);
  expect(CATALOGUE.every(({ priceCents, stock }) => priceCents >= 600 && priceCents % 10 === 0 && stock >= 0)).toBe(
    true,
  );
});

test('what the shop took in first keeps its id and price when more is taken in', () => {
  expect(findProduct(1)).toMatchObject({ name: 'classic kettle', category: 'kitchen', priceCents: 2_230 });
  expect(findProduct('384')).toMatchObject({ name: 'silent light', category: 'bicycles', priceCents: 13_340 });
});

test('a product is found by its id alone', () => {
  expect(['0', '1201', '1e2', '', ' 1', null, undefined, {}, 1.5].map(findProduct)).toEqual(Array(9).fill(undefined));
  expect(findProduct('3')).toBe(CATALOGUE[2]);
});

test('the noun of a product is the last word of its name', () => {
  expect(toNoun({ ...CATALOGUE[0], name: 'red kettle' } as (typeof CATALOGUE)[number])).toBe('kettle');
});
