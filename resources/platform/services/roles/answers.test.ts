import { expect, test } from 'vitest';
import { CATALOGUE, type Product } from '../data/catalogue.ts';
import { smooth } from '../data/demand.ts';
import { findAnswer } from './chatbot.ts';
import { scoreSale } from './fraud.ts';
import { rewritePath, withoutHopByHop } from './nginx.ts';
import { calculatePrice } from './pricing.ts';
import { createPurchases, recommend } from './recommender.ts';
import { rankProducts } from './search.ts';
import { classifyLabel, readImageHead } from './vision.ts';

test('the catalogue holds a few hundred products with ids of their own', () => {
  expect(CATALOGUE.length).toBeGreaterThan(300);
  expect(new Set(CATALOGUE.map((product) => product.id)).size).toBe(CATALOGUE.length);
});

test('search ranks a product that carries both words above those that carry one', () => {
  const ranked = rankProducts('red kettles');
  expect(ranked[0]).toMatchObject({ product: { name: 'red kettle' }, score: 6 });
  expect(ranked.slice(1).every(({ score }) => score < 6)).toBe(true);
  expect(rankProducts('zzz')).toEqual([]);
});

test('recommendations come from bought categories and leave out what was bought', () => {
  const bought = createPurchases('123');
  expect(createPurchases('123')).toEqual(bought);
  const results = recommend(bought, 10);
  expect(results).toHaveLength(10);
  const categories = new Set(bought.map((product) => product.category));
  expect(results.every(({ product }) => categories.has(product.category) && !bought.includes(product))).toBe(true);
});

const product: Product = { id: 1, name: 'x', category: 'y', tags: [], priceCents: 1_000, stock: 100 };
test.each([
  [100, 1, 1_000],
  [10, 1, 1_100],
  [160, 1, 950],
  [100, 10, 950],
  [100, 50, 880],
  [10, 50, 968],
])('with %i in stock, %i pieces cost %i cents each', (stock, quantity, unitCents) => {
  expect(calculatePrice({ ...product, stock }, quantity)).toMatchObject({
    unitCents,
    totalCents: unitCents * quantity,
  });
});

const sale = {
  amountCents: 1_000,
  billingCountry: 'DE',
  shippingCountry: 'DE',
  accountAgeDays: 100,
  ordersLastHour: 0,
};
test.each([
  [{}, 0, 'accept'],
  [{ amountCents: 60_000, shippingCountry: 'FR' }, 45, 'review'],
  [{ amountCents: 300_000, accountAgeDays: 1, ordersLastHour: 9 }, 95, 'reject'],
])('fraud %j scores %i: %s', (change, score, decision) => {
  expect(scoreSale({ ...sale, ...change })).toMatchObject({ score, decision });
});

test('smoothing follows level ← alpha × sold + (1 − alpha) × level', () => {
  expect(smooth([10, 20, 20], 0.5)).toEqual({ level: 17.5, meanAbsoluteError: 7.5 });
});

test('the chatbot finds the entry that shares most words, and admits when there is none', () => {
  expect(findAnswer('how do I return my kettle')?.entry.question).toContain('return');
  expect(findAnswer('quantum chromodynamics')).toBeUndefined();
});

test('vision sorts by the words of the label and reads the size of a PNG', () => {
  expect(classifyLabel('my old tent')?.category).toBe('camping');
  const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000010000000200806000000', 'hex');
  expect(readImageHead(png)).toEqual({ type: 'image/png', width: 16, height: 32 });
  expect(readImageHead(Buffer.from('hello'))).toEqual({ type: null, width: null, height: null });
});

test.each([
  ['/api/backend/api/products/?page=2', '/backend/api/products/?page=2'],
  ['/api/ai/search/query/?q=a', '/ai/search/query/?q=a'],
  ['/api/auth/login', '/backend/auth/login'],
  ['/api/other', '/api/other'],
  ['/health', '/health'],
])('the edge forwards %s as %s', (from, to) => {
  expect(rewritePath(from)).toBe(to);
});

test('the edge drops hop-by-hop headers and those that Connection names (RFC 9110, section 7.6.1)', () => {
  const headers = { connection: 'close, X-Secret', 'x-secret': '1', te: 'trailers', accept: '*/*' };
  expect(withoutHopByHop(headers)).toEqual({ accept: '*/*' });
});
