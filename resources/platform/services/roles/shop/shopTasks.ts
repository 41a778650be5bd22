// What keeps the shop in order: its index, its shelves, its tables, and a look at what sells.
import { type Database, toList } from '../../stores/database.ts';
import { StoreAway } from '../../stores/storeState.ts';
import type { Delivery } from '../../stores/taskQueue.ts';
import { isFirst } from './processed.ts';
import { CATALOGUE_TAG, PRODUCT_COLUMNS, type ProductRow, toProduct } from './products.ts';
import type { Facts, TaskSetting } from './tasks.ts';

const INDEXED_AT_ONCE = 250;
/** Products that change while they are indexed come again; at some point the next task may go on. */
const INDEX_ROUNDS = 40;

/**
 * Puts every product into the index that is not there as it is now; with `check` it looks first whether the index has lost
 * some. While the index is away it does nothing: what is missing is known, and beat has this done every few seconds.
 */
export async function indexProducts(setting: TaskSetting, { payload }: Delivery): Promise<Facts> {
  try {
    if (payload.check === true) await markLost(setting);
    return { indexed: await indexChanged(setting) };
  } catch (error) {
    if (error instanceof StoreAway && setting.searchIndex.isAway) return { skipped: 'the search index is away' };
    throw error;
  }
}

async function markLost({ database, searchIndex }: TaskSetting): Promise<void> {
  const present = await searchIndex.prepare();
  const [marked] = await database.query<{ count: number }>(
    'select count(*) as count from products where indexed_version is not null',
  );
  if (present >= (marked?.count ?? 0)) return;
  await database.query('update products set indexed_version = null where indexed_version is not null');
}

async function indexChanged({ database, searchIndex }: TaskSetting): Promise<number> {
  let indexed = 0;
  for (let round = 0; round < INDEX_ROUNDS; round += 1) {
    const rows = await database.query<ProductRow & { version: number }>(
      `select ${PRODUCT_COLUMNS}, version from products
        where indexed_version is null or indexed_version <> version order by id limit ${INDEXED_AT_ONCE}`,
    );
    if (rows.length === 0) break;
    await searchIndex.put(rows.map((row) => ({ product: toProduct(row), version: row.version })));
    await mark(database, rows);
    indexed += rows.length;
  }
  return indexed;
}

/** With the version that was read: a product that has changed since then comes again. */
async function mark(database: Database, rows: readonly { id: number; version: number }[]): Promise<void> {
  const pairs = rows.map((_, index) => `(cast($${2 * index + 1} as integer), cast($${2 * index + 2} as bigint))`);
  await database.query(
    `update products set indexed_version = seen.column2 from (values ${pairs.join(', ')}) as seen
      where products.id = seen.column1`,
    rows.flatMap(({ id, version }) => [id, version]),
  );
}

const LOW_STOCK = 10;
const FULL_STOCK = 100;

/** The warehouse is a stub: whatever runs low is delivered at once, so that the shop always has something to sell. */
export async function restock({ database, cache }: TaskSetting, delivery: Delivery): Promise<Facts> {
  const filled = await database.transaction(async (transaction) => {
    if (!(await isFirst(transaction, delivery))) return [];
    const low = await transaction.query<{ id: number }>(
      `select id from products where stock - reserved < ${LOW_STOCK} order by id${transaction.rowLock}`,
    );
    if (low.length === 0) return [];
    const ids = low.map(({ id }) => id);
    await transaction.query(
      `update products set stock = reserved + ${FULL_STOCK}, version = version + 1 where id in (${toList(ids.length)})`,
      ids,
    );
    return ids;
  });
  if (filled.length > 0) await cache.invalidate([CATALOGUE_TAG, ...filled.map((id) => `product:${id}`)]);
  return { filled: filled.length };
}

export async function countStock({ database }: TaskSetting): Promise<Facts> {
  const [row] = await database.query<{ products: number; low: number | null }>(
    `select count(*) as products, sum(case when stock - reserved < ${2 * LOW_STOCK} then 1 else 0 end) as low from products`,
  );
  return { products: row?.products ?? 0, lowStock: row?.low ?? 0 };
}

/** Of the last thirty days that anything was sold in. */
export async function findBestseller({ database }: TaskSetting): Promise<Facts> {
  const [newest] = await database.query<{ at: string | null }>('select max(placed_at) as at from orders');
  if (typeof newest?.at !== 'string') return { units: 0 };
  const since = new Date(Date.parse(newest.at) - 30 * 24 * 3_600_000).toISOString();
  const [best] = await database.query<{ name: string; units: number }>(
    `select products.name as name, sum(quantity) as units from order_lines
      join orders on orders.id = order_id join products on products.id = product_id
      where placed_at > $1 group by products.id, products.name order by units desc, products.id limit 1`,
    [since],
  );
  return best === undefined ? { units: 0 } : { bestseller: best.name, units: best.units };
}

const HOUR_MS = 3_600_000;
/** A client that repeats a request does so within minutes; a message comes again within hours at most. */
const KEPT_MS = { order_requests: 48 * HOUR_MS, processed: 7 * 24 * HOUR_MS };

export async function cleanUp({ database }: TaskSetting): Promise<Facts> {
  const now = Date.now();
  const before = (ms: number) => new Date(now - ms).toISOString();
  const sessions = await database.query('delete from sessions where expires_at < $1 returning family', [before(0)]);
  const requests = await database.query('delete from order_requests where created_at < $1 returning order_id', [
    before(KEPT_MS.order_requests),
  ]);
  const messages = await database.query('delete from processed where processed_at < $1 returning task', [
    before(KEPT_MS.processed),
  ]);
  return { sessions: sessions.length, requests: requests.length, messages: messages.length };
}
