// Recommends what was bought by those who bought the same; to whom nothing is known of, what sells most.
import { HISTORY_DAYS, toDay } from '../data/calendar.ts';
import { CATALOGUE, findProduct } from '../data/catalogue.ts';
import { createOrderHistory } from '../data/orders.ts';
import type { Program } from '../kit/program.ts';
import { ok, refuse, type ServiceRequest, toWhole } from '../kit/routes.ts';
import { openAnswerCache } from './ai/cache.ts';
import { findNeighbours, type Neighbour, type Neighbours, rankNear } from './ai/coOccurrence.ts';
import { isNumbers, type ModelRecipe, openModel } from './ai/model.ts';
import { createAiService, findDegraded } from './aiService.ts';

const METHOD = 'item-item cosine over who bought what, damped where few did; filled up with what sold most in 90 days';
const NEIGHBOURS = 20;
const POPULAR_DAYS = 90;
const MOST_LIMIT = 50;
/** So long an answer may be older than the model; a new model has keys of its own. */
const TTL_SECONDS = 600;

interface SavedTaste {
  /** Product → [neighbour, score], nearest first. */
  neighbours: [number, [number, number][]][];
  /** What sold most, best first. */
  popular: number[];
}

export interface Taste {
  neighbours: Neighbours;
  popular: readonly number[];
}

export const TASTE: ModelRecipe<SavedTaste> = {
  name: 'taste',
  version: 1,
  train() {
    const neighbours = findNeighbours(
      [...findPurchases().values()].map((items) => [...items]),
      NEIGHBOURS,
    );
    return {
      neighbours: [...neighbours].map(([item, near]) => [item, near.map(({ id, score }) => [id, score])]),
      popular: findPopular(),
    };
  },
  parse(saved) {
    const { neighbours, popular } = (saved ?? {}) as Partial<SavedTaste>;
    if (!Array.isArray(neighbours) || !isNumbers(popular, CATALOGUE.length)) return undefined;
    const fits = neighbours.every(isRow);
    return fits ? { neighbours, popular } : undefined;
  },
};

function isRow(row: unknown): boolean {
  const [item, near] = Array.isArray(row) ? row : [];
  return isNumbers([item], 1) && Array.isArray(near) && near.every((pair) => isNumbers(pair, 2));
}

/** Customer → the products that they have bought. */
export function findPurchases(): Map<number, Set<number>> {
  const purchases = new Map<number, Set<number>>();
  for (const { customerId, lines, isFraud } of createOrderHistory()) {
    // A thief's choice is not the customer's.
    if (isFraud) continue;
    const items = purchases.get(customerId) ?? new Set<number>();
    for (const { productId } of lines) items.add(productId);
    purchases.set(customerId, items);
  }
  return purchases;
}

function findPopular(): number[] {
  const sold = new Map(CATALOGUE.map(({ id }) => [id, 0]));
  for (const { placedAt, lines, isFraud } of createOrderHistory()) {
    if (isFraud || toDay(placedAt) < HISTORY_DAYS - POPULAR_DAYS) continue;
    for (const { productId, quantity } of lines) sold.set(productId, (sold.get(productId) ?? 0) + quantity);
  }
  return [...sold].sort(([a, soldA], [b, soldB]) => soldB - soldA || a - b).map(([id]) => id);
}

export interface Recommendation extends Neighbour {
  source: 'co-occurrence' | 'popularity';
}

/** Exactly `limit`, as long as the catalogue has as many; nothing that is in `had`. */
export function recommend(taste: Taste, had: ReadonlySet<number>, limit: number): Recommendation[] {
  const near = rankNear(taste.neighbours, had).map((one): Recommendation => ({ ...one, source: 'co-occurrence' }));
  const taken = new Set([...had, ...near.map(({ id }) => id)]);
  const rest = taste.popular.filter((id) => !taken.has(id)).slice(0, limit);
  return [...near, ...rest.map((id): Recommendation => ({ id, score: 0, source: 'popularity' }))].slice(0, limit);
}

export function toTaste({ neighbours, popular }: SavedTaste): Taste {
  return {
    neighbours: new Map(neighbours.map(([item, near]) => [item, near.map(([id, score]) => ({ id, score }))])),
    popular,
  };
}

export async function createRecommender(program: Program) {
  const model = await openModel(program, TASTE);
  const { cache, leaned, close } = await openAnswerCache(program, 'recommender');
  const taste = toTaste(model.state);
  const purchases = findPurchases();
  const leansOn = [leaned, model.dependency];

  const answer = (had: ReadonlySet<number>, limit: number) =>
    recommend(taste, had, limit).map(({ id, score, source }) => ({
      product: findProduct(id),
      score: Math.round(score * 10_000) / 10_000,
      source,
    }));

  async function forUser({ params, query }: ServiceRequest) {
    const limit = toWhole(query.get('limit'), 10, 1, MOST_LIMIT);
    if (limit === null) return refuse(400, 'bad-limit', `limit is 1 to ${MOST_LIMIT}`);
    const user = (params.id ?? '').slice(0, 100);
    const had = purchases.get(/^\d{1,9}$/.test(user) ? Number(user) : 0);
    // All strangers get the same, so one entry does for them: made-up ids do not fill the cache.
    const key = `${model.fingerprint}:${had === undefined ? 'stranger' : Number(user)}:${limit}`;
    const results = await cache.remember({ key, tags: [], ttlSeconds: TTL_SECONDS }, async () =>
      answer(had ?? new Set(), limit),
    );
    return ok({ user, method: METHOD, purchases: had?.size ?? 0, degraded: findDegraded(leansOn), results });
  }

  function likeProduct({ params }: ServiceRequest) {
    const product = findProduct(params.id);
    if (product === undefined) return refuse(404, 'no-such-product', `there is no product ${params.id}`);
    const results = answer(new Set([product.id]), 10);
    return ok({ product: product.id, method: METHOD, degraded: findDegraded(leansOn), results });
  }

  return createAiService('recommender', 8001, {
    routes: [
      { method: 'GET', path: '/user/:id/', handle: forUser },
      { method: 'GET', path: '/product/:id/', handle: likeProduct },
    ],
    describe: {
      cache: cache.described,
      'model-state': model.described,
      model: `${model.fingerprint}, ${model.origin}`,
    },
    leansOn,
    close: () => Promise.all([close(), model.close()]).then(() => {}),
  });
}
