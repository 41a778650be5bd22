// Recommends from the categories a customer buys most in. The purchases are made from the customer's id.
import { CATALOGUE, findProduct, type Product } from '../data/catalogue.ts';
import { createRandom, toSeed } from '../data/random.ts';
import { ok, refuse, type ServiceRequest, toWhole } from '../kit/routes.ts';
import { createAiService } from './aiService.ts';

const METHOD = 'products of the categories bought most, not bought yet, shared tags first';

export function createPurchases(user: string): Product[] {
  const random = createRandom(toSeed(`user ${user}`));
  const count = 3 + Math.floor(random() * 6);
  const favourite = CATALOGUE[Math.floor(random() * CATALOGUE.length)]?.category;
  const pool = CATALOGUE.filter((product) => product.category === favourite || random() < 0.1);
  return Array.from({ length: count }, () => pool[Math.floor(random() * pool.length)]).filter(
    (product): product is Product => product !== undefined,
  );
}

export function recommend(bought: readonly Product[], limit: number): { product: Product; score: number }[] {
  const categories = countBy(bought.map((product) => product.category));
  const tags = countBy(bought.flatMap((product) => product.tags));
  const had = new Set(bought.map((product) => product.id));
  return CATALOGUE.filter((product) => !had.has(product.id) && categories.has(product.category))
    .map((product) => {
      const shared = product.tags.reduce((sum, tag) => sum + (tags.get(tag) ?? 0), 0);
      return { product, score: 10 * (categories.get(product.category) ?? 0) + shared };
    })
    .sort((a, b) => b.score - a.score || a.product.id - b.product.id)
    .slice(0, limit);
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function forUser({ params, query }: ServiceRequest) {
  const limit = toWhole(query.get('limit'), 10, 1, 50);
  if (limit === null) return refuse(400, 'bad-limit', 'limit is 1 to 50');
  const bought = createPurchases(params.id ?? '');
  return ok({
    user: params.id,
    method: METHOD,
    bought: bought.map((product) => product.id),
    results: recommend(bought, limit),
  });
}

function likeProduct({ params }: ServiceRequest) {
  const product = findProduct(params.id);
  if (product === undefined) return refuse(404, 'no-such-product', `there is no product ${params.id}`);
  return ok({ product: product.id, method: METHOD, results: recommend([product], 10) });
}

export const createRecommender = () =>
  createAiService('recommender', 8001, [
    { method: 'GET', path: '/user/:id/', handle: forUser },
    { method: 'GET', path: '/product/:id/', handle: likeProduct },
  ]);
