// What a customer means to buy. It stays until it is ordered, on whatever device.
import { ok, type Reply, type Route, type ServiceRequest, toWhole } from '../../kit/routes.ts';
import { type Database, type Queries, toList } from '../../stores/database.ts';
import { getCustomerId } from './customers.ts';
import { RefusedRequest, readObject } from './refusal.ts';

/** Of an order too. */
export const LINES_LIMIT = 100;
export const QUANTITY_LIMIT = 1_000;

interface CartRow {
  product_id: number;
  name: string;
  price_cents: number;
  quantity: number;
}

export function cartRoutes(database: Database): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/cart/',
      handle: async (request) => ok(await showCart(database, getCustomerId(request))),
    },
    { method: 'POST', path: '/api/cart/items/', handle: (request) => putItem(database, request) },
    {
      method: 'DELETE',
      path: '/api/cart/items/:id/',
      handle: async (request) => {
        const values = [getCustomerId(request), toWhole(request.params.id, 0, 1, 1_000_000_000) ?? 0];
        await database.query('delete from cart_lines where customer_id = $1 and product_id = $2', values);
        return { status: 204, body: '' };
      },
    },
    {
      method: 'DELETE',
      path: '/api/cart/',
      handle: async (request) => {
        await database.query('delete from cart_lines where customer_id = $1', [getCustomerId(request)]);
        return { status: 204, body: '' };
      },
    },
  ];
}

/** At today's prices. */
async function showCart(database: Database, customerId: number) {
  const rows = await database.query<CartRow>(
    `select product_id, name, price_cents, quantity from cart_lines join products on products.id = product_id
      where customer_id = $1 order by product_id`,
    [customerId],
  );
  const items = rows.map(({ product_id: productId, name, price_cents: priceCents, quantity }) => {
    return { productId, name, priceCents, quantity };
  });
  return { items, totalCents: items.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0) };
}

/** Sets the quantity; sent twice it is the same. */
async function putItem(database: Database, request: ServiceRequest): Promise<Reply> {
  const customerId = getCustomerId(request);
  const object = readObject(request);
  const productId = toWhole(object.productId, 0, 1, 1_000_000_000);
  const quantity = toWhole(object.quantity, 1, 1, QUANTITY_LIMIT);
  if (!productId || quantity === null) {
    throw new RefusedRequest(
      400,
      'bad-item',
      `send {"productId": 1, "quantity": 1}; quantity is 1 to ${QUANTITY_LIMIT}`,
    );
  }
  await database.transaction(async (transaction) => {
    const [product] = await transaction.query('select id from products where id = $1', [productId]);
    if (product === undefined) throw new RefusedRequest(404, 'no-such-product', `there is no product ${productId}`);
    await transaction.query(
      `insert into cart_lines (customer_id, product_id, quantity) values ($1, $2, $3)
        on conflict (customer_id, product_id) do update set quantity = excluded.quantity`,
      [customerId, productId, quantity],
    );
    const [lines] = await transaction.query<{ count: number }>(
      'select count(*) as count from cart_lines where customer_id = $1',
      [customerId],
    );
    if ((lines?.count ?? 0) > LINES_LIMIT) {
      throw new RefusedRequest(409, 'cart-full', `a cart holds ${LINES_LIMIT} products; order or remove some`);
    }
  });
  return ok(await showCart(database, customerId));
}

/** What was ordered is no longer wanted; what was put in meanwhile stays. */
export async function takeFromCart(
  queries: Queries,
  customerId: number,
  lines: readonly { productId: number }[],
): Promise<void> {
  await queries.query(`delete from cart_lines where customer_id = $1 and product_id in (${toList(lines.length, 2)})`, [
    customerId,
    ...lines.map(({ productId }) => productId),
  ]);
}
