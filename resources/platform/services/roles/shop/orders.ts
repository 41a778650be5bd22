// Placing orders. One transaction prices, reserves, writes the order and the task that pays for it: all of it or nothing,
// whether or not the queue is there. A key of the customer's makes the same request the same order, however often it comes.
import { createHash } from 'node:crypto';
import { type Database, insertRows, type Queries, type Transaction, toList } from '../../stores/database.ts';
import { LINES_LIMIT, takeFromCart } from './carts.ts';
import { toTaskId } from './orderTasks.ts';
import { addTasks } from './outbox.ts';
import { RefusedRequest } from './refusal.ts';

export type OrderStatus = 'received' | 'paid' | 'payment-failed' | 'confirmed';

export interface WantedLine {
  productId: number;
  quantity: number;
}

export interface WantedOrder {
  customerId: number;
  lines: readonly WantedLine[];
  /** What the customer was shown: with other prices the order is refused. undefined: whatever it costs. */
  expectedTotalCents: number | undefined;
  /** The ordered products leave the customer's cart with it. */
  fromCart: boolean;
  paymentMethod: string;
  /** The customer's Idempotency-Key. */
  key: string | undefined;
}

export interface Order {
  id: number;
  createdAt: string;
  status: OrderStatus;
  items: { productId: number; quantity: number; priceCents: number }[];
  totalCents: number;
}

interface OrderRow {
  id: number;
  status: OrderStatus;
  total_cents: number;
  placed_at: string;
}

/** Throws RefusedRequest when it cannot be placed; then nothing has changed. */
export async function placeOrder(
  database: Database,
  wanted: WantedOrder,
): Promise<{ order: Order; isRepeated: boolean }> {
  return database.transaction(async (transaction) => {
    const earlier = wanted.key === undefined ? undefined : await claimKey(transaction, wanted, wanted.key);
    if (earlier !== undefined) return { order: earlier, isRepeated: true };
    const items = await reserve(transaction, wanted);
    const order = await write(transaction, wanted, items);
    if (wanted.fromCart) await takeFromCart(transaction, wanted.customerId, wanted.lines);
    const payload = { orderId: order.id };
    await addTasks(transaction, [{ id: toTaskId(order.id, 'take-payment'), name: 'take-payment', payload }]);
    return { order, isRepeated: false };
  });
}

/** The order that this key has placed already. A key stands for one content: with another one it is refused. */
async function claimKey(transaction: Transaction, wanted: WantedOrder, key: string): Promise<Order | undefined> {
  const { customerId, lines, paymentMethod } = wanted;
  const content = createHash('sha256')
    .update(JSON.stringify([lines, paymentMethod]))
    .digest('base64url');
  // Of two that come at once, the second waits here until the first is done or undone.
  const claimed = await transaction.query(
    `insert into order_requests (customer_id, request_key, content_hash, created_at) values ($1, $2, $3, $4)
      on conflict (customer_id, request_key) do nothing returning request_key`,
    [customerId, key, content, new Date().toISOString()],
  );
  if (claimed.length > 0) return undefined;
  const [earlier] = await transaction.query<{ content_hash: string; order_id: number }>(
    'select content_hash, order_id from order_requests where customer_id = $1 and request_key = $2',
    [customerId, key],
  );
  if (earlier === undefined || earlier.content_hash !== content) {
    throw new RefusedRequest(422, 'key-reused', 'this Idempotency-Key was sent with another order; use a new one');
  }
  return findOrder(transaction, { customerId, orderId: earlier.order_id });
}

interface Shelf {
  id: number;
  price_cents: number;
  available: number;
}

/** Takes what is wanted out of what others can buy, and answers it with its prices. */
async function reserve(transaction: Transaction, { lines, expectedTotalCents }: WantedOrder): Promise<Order['items']> {
  const ids = lines.map(({ productId }) => productId);
  // By id: two orders that lock the same products in different orders would wait for each other for ever.
  const shelves = await transaction.query<Shelf>(
    `select id, price_cents, stock - reserved as available from products
      where id in (${toList(ids.length)}) order by id${transaction.rowLock}`,
    ids,
  );
  const byId = new Map(shelves.map((shelf) => [shelf.id, shelf]));
  const items = lines.map((line) => toItem(line, byId.get(line.productId)));
  const totalCents = toTotalCents(items);
  if (expectedTotalCents !== undefined && expectedTotalCents !== totalCents) {
    const detail = `it costs ${totalCents} cents and not ${expectedTotalCents}; show the customer the new prices`;
    throw new RefusedRequest(409, 'price-changed', detail);
  }
  const pairs = items.map((_, index) => `(cast($${2 * index + 1} as integer), cast($${2 * index + 2} as integer))`);
  await transaction.query(
    `update products set reserved = reserved + taken.column2, version = version + 1
      from (values ${pairs.join(', ')}) as taken where products.id = taken.column1`,
    items.flatMap(({ productId, quantity }) => [productId, quantity]),
  );
  return items;
}

function toItem({ productId, quantity }: WantedLine, shelf: Shelf | undefined): Order['items'][number] {
  if (shelf === undefined) throw new RefusedRequest(400, 'no-such-product', `there is no product ${productId}`);
  const { price_cents: priceCents, available } = shelf;
  if (available >= quantity) return { productId, quantity, priceCents };
  const detail = `of product ${productId} there are ${available} left, and the order wants ${quantity}`;
  throw new RefusedRequest(409, 'out-of-stock', detail);
}

function toTotalCents(items: Order['items']): number {
  return items.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0);
}

async function write(transaction: Transaction, wanted: WantedOrder, items: Order['items']): Promise<Order> {
  const { customerId, paymentMethod, key } = wanted;
  const totalCents = toTotalCents(items);
  const now = new Date().toISOString();
  const [row] = await transaction.query<OrderRow>(
    `insert into orders (customer_id, status, total_cents, payment_method, placed_at, changed_at)
      values ($1, 'received', $2, $3, $4, $5) returning id, status, total_cents, placed_at`,
    [customerId, totalCents, paymentMethod, now, now],
  );
  if (row === undefined) throw new Error('an inserted order was not returned');
  const columns = ['order_id', 'product_id', 'quantity', 'price_cents'];
  const lines = items.map(({ productId, quantity, priceCents }) => [row.id, productId, quantity, priceCents]);
  await insertRows(transaction, { table: 'order_lines', columns }, lines);
  if (key !== undefined) {
    await transaction.query('update order_requests set order_id = $3 where customer_id = $1 and request_key = $2', [
      customerId,
      key,
      row.id,
    ]);
  }
  return toOrder(row, items);
}

/** undefined when there is none, or when it is somebody else's: who may not see it must not learn that it is there. */
export async function findOrder(
  queries: Queries,
  { customerId, orderId }: { customerId: number; orderId: number },
): Promise<Order | undefined> {
  const [row] = await queries.query<OrderRow>(
    'select id, status, total_cents, placed_at from orders where id = $1 and customer_id = $2',
    [orderId, customerId],
  );
  if (row === undefined) return undefined;
  const [order] = await withItems(queries, [row]);
  return order;
}

const ORDERS_SHOWN = 50;

/** The newest first. */
export async function listOrders(
  queries: Queries,
  { customerId, page }: { customerId: number; page: number },
): Promise<{ count: number; results: Order[] }> {
  const rows = await queries.query<OrderRow>(
    `select id, status, total_cents, placed_at from orders where customer_id = $1
      order by id desc limit ${ORDERS_SHOWN} offset ${(page - 1) * ORDERS_SHOWN}`,
    [customerId],
  );
  const [total] = await queries.query<{ count: number }>(
    'select count(*) as count from orders where customer_id = $1',
    [customerId],
  );
  return { count: total?.count ?? 0, results: await withItems(queries, rows) };
}

async function withItems(queries: Queries, rows: readonly OrderRow[]): Promise<Order[]> {
  if (rows.length === 0) return [];
  const lines = await queries.query<{ order_id: number; product_id: number; quantity: number; price_cents: number }>(
    `select order_id, product_id, quantity, price_cents from order_lines
      where order_id in (${toList(rows.length)}) order by order_id, product_id`,
    rows.map(({ id }) => id),
  );
  const byOrder = Map.groupBy(lines, ({ order_id }) => order_id);
  return rows.map((row) => {
    const items = (byOrder.get(row.id) ?? []).map(({ product_id: productId, quantity, price_cents: priceCents }) => {
      return { productId, quantity, priceCents };
    });
    return toOrder(row, items);
  });
}

function toOrder(
  { id, status, total_cents: totalCents, placed_at: createdAt }: OrderRow,
  items: Order['items'],
): Order {
  return { id, createdAt, status, items, totalCents };
}

/** Lines of a body: each product once. undefined for what is not a list of them. */
export function findWantedLines(value: unknown, quantityLimit: number): WantedLine[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > LINES_LIMIT) return undefined;
  const lines = new Map<number, WantedLine>();
  const isWhole = (number: unknown, most: number): number is number =>
    Number.isInteger(number) && (number as number) >= 1 && (number as number) <= most;
  for (const entry of value as unknown[]) {
    if (typeof entry !== 'object' || entry === null) return undefined;
    const { productId, quantity = 1 } = entry as Record<string, unknown>;
    if (!isWhole(productId, 1_000_000_000) || !isWhole(quantity, quantityLimit) || lines.has(productId))
      return undefined;
    lines.set(productId, { productId, quantity });
  }
  return [...lines.values()];
}
