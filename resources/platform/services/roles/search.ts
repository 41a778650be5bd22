// Ranks products by how many of the query's words they carry; a word in the name counts most.
import { CATALOGUE, type Product } from '../data/catalogue.ts';
import { toTokens } from '../data/tokens.ts';
import { ok, refuse, type ServiceRequest, toWhole } from '../kit/routes.ts';
import { createAiService } from './aiService.ts';

const WEIGHTS = { name: 3, category: 2, tags: 1 };

const index = CATALOGUE.map((product) => ({
  product,
  name: new Set(toTokens(product.name)),
  category: new Set(toTokens(product.category)),
  tags: new Set(toTokens(product.tags.join(' '))),
}));

export function rankProducts(query: string): { product: Product; score: number }[] {
  const wanted = new Set(toTokens(query));
  return index
    .map(({ product, ...fields }) => {
      let score = 0;
      for (const token of wanted) {
        if (fields.name.has(token)) score += WEIGHTS.name;
        else if (fields.category.has(token)) score += WEIGHTS.category;
        else if (fields.tags.has(token)) score += WEIGHTS.tags;
      }
      return { product, score };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.product.id - b.product.id);
}

function answerQuery({ query }: ServiceRequest) {
  const text = query.get('q') ?? '';
  const limit = toWhole(query.get('limit'), 10, 1, 50);
  if (text.trim() === '') return refuse(400, 'no-query', 'say what to look for, for example /query/?q=red+kettle');
  if (limit === null) return refuse(400, 'bad-limit', 'limit is 1 to 50');
  const ranked = rankProducts(text);
  return ok({
    query: text.slice(0, 200),
    method: 'token overlap: 3 a word of the name, 2 of the category, 1 of the tags',
    count: ranked.length,
    results: ranked.slice(0, limit).map(({ product, score }) => ({ ...product, score })),
  });
}

export const createSearch = () =>
  createAiService('search', 8002, [{ method: 'GET', path: '/query/', handle: answerQuery }]);
