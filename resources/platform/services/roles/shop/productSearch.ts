// Search for products: by the index, which forgives slips; by the database's own comparison while the index is away. The
// answer says which of them it is from.
import { ok, type Reply, type Route, type ServiceRequest, toWhole } from '../../kit/routes.ts';
import type { Database } from '../../stores/database.ts';
import type { SearchIndex } from '../../stores/searchIndex.ts';
import { StoreAway } from '../../stores/storeState.ts';
import { PRODUCT_COLUMNS, type ProductRow, toProduct } from './products.ts';
import { RefusedRequest } from './refusal.ts';

export interface SearchSetting {
  database: Database;
  searchIndex: SearchIndex;
  /** What the index is called in answers. */
  engine: string;
}

const QUERY_LIMIT = 200;
/** Each word is a comparison with every product. */
const WORDS_COMPARED = 8;

interface Wanted {
  text: string;
  category: string | undefined;
  limit: number;
}

export function searchRoutes(setting: SearchSetting): Route[] {
  return [{ method: 'GET', path: '/api/search/', handle: (request) => answerSearch(setting, request) }];
}

async function answerSearch(setting: SearchSetting, { query }: ServiceRequest): Promise<Reply> {
  const text = (query.get('q') ?? '').trim().slice(0, QUERY_LIMIT);
  const limit = toWhole(query.get('limit'), 20, 1, 50);
  if (text === '')
    throw new RefusedRequest(400, 'no-query', 'say what to look for, for example /api/search/?q=red+kettle');
  if (limit === null) throw new RefusedRequest(400, 'bad-limit', 'limit is 1 to 50');
  const wanted: Wanted = { text, limit, category: query.get('category') ?? undefined };
  try {
    const { count, hits } = await setting.searchIndex.search(wanted);
    return ok({ query: text, engine: setting.engine, degraded: false, count, results: hits });
  } catch (error) {
    if (!(error instanceof StoreAway)) throw error;
  }
  const { count, results } = await searchDatabase(setting.database, wanted);
  return ok({ query: text, engine: setting.database.engine, degraded: true, count, results });
}

/** Products that contain one of the words, those that contain most of them first. */
async function searchDatabase(database: Database, { text, category, limit }: Wanted) {
  const words = [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, WORDS_COMPARED);
  if (words.length === 0) return { count: 0, results: [] };
  // Letters and digits alone: none of them means anything to like.
  const values = words.map((word) => `%${word}%`);
  const matches = words.map((_, index) => `case when ${SEARCHED} like $${index + 1} then 1 else 0 end`).join(' + ');
  const inCategory = category === undefined ? '' : `and category = $${values.length + 1}`;
  if (category !== undefined) values.push(category);
  const found = `from (select *, ${matches} as score from products) as scored where score > 0 ${inCategory}`;
  const rows = await database.query<ProductRow & { score: number }>(
    `select ${PRODUCT_COLUMNS}, score ${found} order by score desc, id limit ${limit}`,
    values,
  );
  const [total] = await database.query<{ count: number }>(`select count(*) as count ${found}`, values);
  return { count: total?.count ?? 0, results: rows.map((row) => ({ ...toProduct(row), score: row.score })) };
}

const SEARCHED = `lower(name || ' ' || category || ' ' || tags)`;
