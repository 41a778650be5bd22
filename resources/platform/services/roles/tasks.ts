// The background tasks of the shop: small, but each really computes what its name says.
import { CATALOGUE } from '../data/catalogue.ts';
import { createHistory } from '../data/demand.ts';
import { toTokens } from '../data/tokens.ts';

export const TASKS: Readonly<Record<string, () => Record<string, number | string>>> = {
  'count-stock': () => {
    const low = CATALOGUE.filter((product) => product.stock < 20).length;
    return { products: CATALOGUE.length, lowStock: low };
  },
  'find-bestseller': () => {
    const sold = CATALOGUE.map((product) => ({
      name: product.name,
      units: createHistory(product).reduce((sum, units) => sum + units, 0),
    }));
    const best = sold.reduce((a, b) => (b.units > a.units ? b : a));
    return { bestseller: best.name, units: best.units };
  },
  'count-search-words': () => ({ words: new Set(CATALOGUE.flatMap((product) => toTokens(product.name))).size }),
};

/** Where the worker takes tasks. Its port also carries health and metrics. */
export const WORKER = { name: 'celery_worker', port: 9808, path: '/tasks/' };
