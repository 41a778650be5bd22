// The catalogue as customers see it: what can be sold, and how much of it.
import { ok, type Reply, type Route, type ServiceRequest, toWhole } from '../../kit/routes.ts';
import type { Cache } from '../../stores/cache.ts';
import type { Database } from '../../stores/database.ts';
import { RefusedRequest } from './refusal.ts';

export interface ProductRow {
  id: number;
  name: string;
  category: string;
  tags: string;
  price_cents: number;
  available: number;
}

export const PRODUCT_COLUMNS = 'id, name, category, tags, price_cents, stock - reserved as available';
/** Lists may show a stock that is this old; what is sold is checked when it is ordered. */
const LIST_TTL_SECONDS = 10;
const DETAIL_TTL_SECONDS = 30;
const CATEGORIES_TTL_SECONDS = 60;
/** Of everything that shows more than one product. */
export const CATALOGUE_TAG = 'catalogue';
export const toProductTag = (id: number) => `product:${id}`;

const ORDERINGS: Readonly<Record<string, string>> = {
  id: 'id',
  '-id': 'id desc',
  name: 'name, id',
  '-name': 'name desc, id',
  price: 'price_cents, id',
  '-price': 'price_cents desc, id',
};

export interface ProductSetting {
  database: Database;
  cache: Cache;
}

export function toProduct({ id, name, category, tags, price_cents, available }: ProductRow) {
  return { id, name, category, tags: tags.split(' ').filter(Boolean), priceCents: price_cents, stock: available };
}

export function productRoutes(setting: ProductSetting): Route[] {
  return [
    { method: 'GET', path: '/api/products/', handle: (request) => listProducts(setting, request) },
    { method: 'GET', path: '/api/products/:id/', handle: (request) => showProduct(setting, request) },
    { method: 'GET', path: '/api/categories/', handle: () => listCategories(setting) },
  ];
}

async function listProducts({ database, cache }: ProductSetting, { query }: ServiceRequest): Promise<Reply> {
  const page = toWhole(query.get('page'), 1, 1, 10_000);
  const size = toWhole(query.get('page_size'), 20, 1, 100);
  if (page === null || size === null) {
    throw new RefusedRequest(400, 'bad-page', 'page is 1 to 10000, page_size 1 to 100');
  }
  const ordering = query.get('ordering') ?? 'id';
  const order = Object.hasOwn(ORDERINGS, ordering) ? ORDERINGS[ordering] : undefined;
  if (order === undefined) {
    throw new RefusedRequest(400, 'bad-ordering', `ordering is one of ${Object.keys(ORDERINGS).join(', ')}`);
  }
  const category = query.get('category')?.slice(0, 100) ?? null;
  const entry = {
    key: `products:${JSON.stringify([category, ordering, page, size])}`,
    tags: [CATALOGUE_TAG],
    ttlSeconds: LIST_TTL_SECONDS,
  };
  return ok(
    await cache.remember(entry, async () => {
      const { where, values } =
        category === null ? { where: '', values: [] } : { where: 'where category = $1', values: [category] };
      const rows = await database.query<ProductRow>(
        `select ${PRODUCT_COLUMNS} from products ${where} order by ${order} limit ${size} offset ${(page - 1) * size}`,
        values,
      );
      const [total] = await database.query<{ count: number }>(
        `select count(*) as count from products ${where}`,
        values,
      );
      const count = total?.count ?? 0;
      return { count, page, next: page * size < count ? page + 1 : null, results: rows.map(toProduct) };
    }),
  );
}

async function showProduct({ database, cache }: ProductSetting, { params }: ServiceRequest): Promise<Reply> {
  const id = /^\d{1,9}$/.test(params.id ?? '') ? Number(params.id) : 0;
  const entry = { key: `product:${id}`, tags: [toProductTag(id)], ttlSeconds: DETAIL_TTL_SECONDS };
  const product = await cache.remember(entry, async () => {
    const [row] = await database.query<ProductRow>(`select ${PRODUCT_COLUMNS} from products where id = $1`, [id]);
    return row === undefined ? null : toProduct(row);
  });
  if (product !== null) return ok(product);
  throw new RefusedRequest(404, 'no-such-product', `there is no product ${params.id}`);
}

async function listCategories({ database, cache }: ProductSetting): Promise<Reply> {
  const entry = { key: 'categories', tags: [CATALOGUE_TAG], ttlSeconds: CATEGORIES_TTL_SECONDS };
  const results = await cache.remember(entry, () =>
    database.query<{ name: string; products: number }>(
      'select category as name, count(*) as products from products group by category order by category',
    ),
  );
  return ok({ count: results.length, results });
}
