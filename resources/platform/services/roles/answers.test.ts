import { describe, expect, test } from 'vitest';
import { CATALOGUE, findProduct, type Product } from '../data/catalogue.ts';
import { createOrderHistory } from '../data/orders.ts';
import { findWish } from '../data/wishes.ts';
import { createVectorsInProcess } from '../stores/vectorsInProcess.ts';
import { toEmbedding } from './ai/embedding.ts';
import { HELP_TEXTS } from './ai/helpTexts.ts';
import { mean } from './ai/holtWinters.ts';
import { findSources, quote } from './chatbot.ts';
import { forecastProduct, SMOOTHINGS } from './forecasting.ts';
import { FRAUD, scoreSale } from './fraud.ts';
import { rewritePath, withoutHopByHop } from './nginx.ts';
import { calculatePrice, ELASTICITIES, findBounds } from './pricing.ts';
import { findPurchases, recommend, TASTE, toTaste } from './recommender.ts';
import { createProductVectors, rankProducts } from './search.ts';
import { classifyLabel, voteCategory } from './vision.ts';

describe('search', async () => {
  const vectors = createVectorsInProcess();
  const { size, points } = createProductVectors();
  await vectors.ensureCollection('products', size);
  await vectors.upsert('products', points);
  const search = async (text: string) =>
    rankProducts(text, await vectors.findNearest('products', toEmbedding([{ text, weight: 1 }]), 60));

  test('a product that carries both words comes above those that carry one', async () => {
    const [first, second] = await search('red kettles');
    expect(first?.product.name).toBe('red kettle');
    expect(second?.score).toBeLessThan(0.8 * (first?.score ?? 0));
  });

  test.each([
    ['ketle', 'kettle'],
    ['head phones', 'headphones'],
    ['teapott', 'teapot'],
  ])('%s finds a %s, although no word is the same', async (slip, meant) => {
    const found = await search(slip);
    expect(found[0]?.product.name).toContain(meant);
    expect(found[0]?.score).toBeLessThan(0.5);
  });

  test('what is like nothing finds nothing', async () => {
    expect(await search('zzz')).toEqual([]);
    expect(await search('!?')).toEqual([]);
  });

  test('without any vectors the words alone are ranked', () => {
    expect(rankProducts('red kettle', [])[0]).toMatchObject({ product: { name: 'red kettle' }, score: 0.5 });
  });
});

describe('recommender', () => {
  const taste = toTaste(TASTE.train());
  const nameOf = (id: number) => findProduct(id)?.name;

  test('a saved taste that is not whole is learned anew', () => {
    const saved = TASTE.train();
    expect(TASTE.parse(JSON.parse(JSON.stringify(saved)))).toEqual(saved);
    const broken = [
      undefined,
      {},
      { ...saved, popular: [1] },
      ...[[1], [[1]], [[1, [2]]], [null]].map((neighbours) => ({ ...saved, neighbours })),
    ];
    expect(broken.map((one) => TASTE.parse(one))).toEqual(broken.map(() => undefined));
  });

  test('what goes together is recommended together', () => {
    const saw = CATALOGUE.find(({ name }) => name === 'compact saw')?.id ?? 0;
    const near = recommend(taste, new Set([saw]), 3).map(({ id }) => nameOf(id));
    expect(near).toContain('compact hammer');
  });

  test('a customer gets what they have not bought, and as much as was asked for', () => {
    for (const had of [...findPurchases().values()].slice(0, 50)) {
      const ids = recommend(taste, had, 20).map(({ id }) => id);
      expect(new Set(ids).size).toBe(20);
      expect(ids.filter((id) => had.has(id))).toEqual([]);
    }
  });

  test('a stranger gets what sells most', () => {
    const results = recommend(taste, new Set(), 5);
    expect(results.map(({ id, source }) => [id, source])).toEqual(
      taste.popular.slice(0, 5).map((id) => [id, 'popularity']),
    );
  });

  test('it finds a hidden purchase far more often than popularity does', () => {
    // Each customer's last order is kept from the training; is anything of it among ten recommendations?
    const last = new Map(
      createOrderHistory()
        .filter(({ isFraud }) => !isFraud)
        .map((order) => [order.customerId, order]),
    );
    let byTaste = 0;
    let byPopularity = 0;
    for (const [customerId, had] of findPurchases()) {
      const hidden = (last.get(customerId)?.lines ?? []).map(({ productId }) => productId);
      const known = new Set([...had].filter((id) => !hidden.includes(id)));
      const hits = (ids: readonly number[]) => (ids.some((id) => hidden.includes(id)) ? 1 : 0);
      byTaste += hits(recommend(taste, known, 10).map(({ id }) => id));
      byPopularity += hits(taste.popular.filter((id) => !known.has(id)).slice(0, 10));
    }
    expect(byTaste).toBeGreaterThan(2 * byPopularity);
  });
});

describe('pricing', () => {
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

  test('no product is ever sold below its floor or above its cap', () => {
    for (const one of CATALOGUE) {
      const { floorCents, capCents } = findBounds(one);
      for (const quantity of [1, 10, 50]) {
        const { unitCents } = calculatePrice(one, quantity);
        expect(unitCents).toBeGreaterThanOrEqual(floorCents);
        expect(unitCents).toBeLessThanOrEqual(capCents);
      }
    }
  });

  test('the elasticities that were found are those that the past was made by, within their errors', () => {
    const table = ELASTICITIES.train();
    const errors = CATALOGUE.map((one) => {
      const [value = 0, standardError = 0] = table[one.id] ?? [];
      const error = Math.abs(value - findWish(one).elasticity);
      return { error, isWithin: error < 1.96 * standardError };
    });
    expect(mean(errors.map(({ error }) => error))).toBeLessThan(0.15);
    expect(errors.filter(({ isWithin }) => isWithin).length / errors.length).toBeGreaterThan(0.85);
  });

  test('a saved table that is not whole is trained anew', () => {
    expect([undefined, null, {}, { 1: [1] }, 'x', []].map((saved) => ELASTICITIES.parse(saved))).toEqual(
      Array(6).fill(undefined),
    );
  });
});

describe('fraud', () => {
  const model = FRAUD.train();
  const usual = { amountCents: 15_000, otherCountry: false, accountAgeDays: 300, ordersLastHour: 0, hour: 14 };

  test('on orders that it has not learned from it tells fraud from honesty', () => {
    expect(model.auc).toBeGreaterThan(0.95);
    expect(model.heldOut.caught).toBeGreaterThan(0.8 * model.heldOut.frauds);
    expect(model.heldOut.honestHeldUp).toBeLessThan(0.03 * model.heldOut.orders);
  });

  test('the usual order is accepted, a suspicious one rejected', () => {
    expect(scoreSale(model, usual)).toMatchObject({ score: 0, decision: 'accept' });
    const odd = { amountCents: 200_000, otherCountry: true, accountAgeDays: 1, ordersLastHour: 3, hour: 2 };
    expect(scoreSale(model, odd)).toMatchObject({ decision: 'reject' });
  });

  test.each([
    ['amountCents', 500_000, 'amount'],
    ['otherCountry', true, 'other-country'],
    ['accountAgeDays', 0, 'young-account'],
    ['ordersLastHour', 6, 'many-orders'],
    ['hour', 3, 'night'],
  ])('what makes an order suspicious by its %s is the first reason', (field, value, id) => {
    const { reasons } = scoreSale(model, { ...usual, [field]: value });
    expect(reasons[0]).toMatchObject({ id, contribution: expect.any(Number) });
    expect(reasons[0]?.contribution).toBeGreaterThan(0);
  });

  test('a saved model of other features is trained anew', () => {
    expect(FRAUD.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
    expect(
      [undefined, {}, { ...model, weights: [1] }, { ...model, heldOut: {} }].map((saved) => FRAUD.parse(saved)),
    ).toEqual(Array(4).fill(undefined));
  });
});

describe('forecasting', () => {
  test('over products of every category it is nearer than the same day of the week before', () => {
    const table = SMOOTHINGS.train();
    const answers = CATALOGUE.filter(({ id }) => id % 20 === 0).map((one) =>
      forecastProduct(one, table[one.category] ?? { alpha: 0, beta: 0, gamma: 0 }, 7),
    );
    const [errors, naive] = [
      answers.map((one) => one.meanAbsoluteError),
      answers.map((one) => one.naiveMeanAbsoluteError),
    ];
    expect(mean(errors)).toBeLessThan(0.9 * mean(naive));
    for (const { forecast } of answers) {
      expect(forecast.map(({ day, date }) => [day, date])[0]).toEqual([1, '2026-07-01']);
      expect(forecast.every(({ low, units, high }) => low >= 0 && low <= units && units <= high)).toBe(true);
    }
  });
});

describe('chatbot', () => {
  test.each(HELP_TEXTS.flatMap(({ id, asked }) => asked.map((question) => [question, id])))(
    '%s is about %s',
    (question, id) => {
      expect(findSources(question)[0]?.help.id).toBe(id);
    },
  );

  test.each([
    ['how do I return my kettle', 'returns'],
    ['i forgot my pasword', 'password'],
    ['my kettle is broken', 'warranty'],
    ['can i get a refund', 'refund'],
  ])('%s is about %s too', (question, id) => {
    expect(findSources(question)[0]?.help.id).toBe(id);
  });

  test.each(['quantum chromodynamics', 'what is the capital of France', 'tell me a joke', 'hello', ''])(
    'it does not know %j, and says so',
    (question) => expect(findSources(question)).toEqual([]),
  );

  test('it quotes whole sentences of the text, in their order', () => {
    const text = 'First a thing. Then a parcel comes. Nothing here. The parcel has a label.';
    expect(quote(text, 'label of the parcel')).toBe('Then a parcel comes. The parcel has a label.');
    expect(quote(text, 'zebra')).toBe('First a thing. Then a parcel comes.');
  });

  test('help texts have ids of their own, and never speak of what the shop does not have', () => {
    expect(new Set(HELP_TEXTS.map(({ id }) => id)).size).toBe(HELP_TEXTS.length);
    expect(HELP_TEXTS.length).toBeGreaterThanOrEqual(25);
  });
});

describe('vision', () => {
  test('a label is sorted by its words', () => {
    expect(classifyLabel('my old tent')?.category).toBe('camping');
    expect(classifyLabel('quantum')).toBeUndefined();
  });

  test('the category with most weight among the nearest is named, with its share', () => {
    const [kettle = 0, pan = 0, spade = 0] = ['red kettle', 'red pan', 'red spade'].map(
      (name) => CATALOGUE.find((one) => one.name === name)?.id ?? 0,
    );
    const near = [
      { id: kettle, score: 0.6 },
      { id: spade, score: 0.8 },
      { id: pan, score: 0.6 },
    ];
    expect(voteCategory(near)).toEqual({ category: 'kitchen', confidence: 0.6 });
    expect(voteCategory([])).toEqual({ category: null, confidence: 0 });
  });
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
