// Orders over HTTP. Only customers order, and each sees their own.
import { ok, type Reply, type Route, type ServiceRequest, toWhole } from '../../kit/routes.ts';
import type { Cache } from '../../stores/cache.ts';
import type { Database } from '../../stores/database.ts';
import { LINES_LIMIT, QUANTITY_LIMIT } from './carts.ts';
import { getCustomerId } from './customers.ts';
import { findOrder, findWantedLines, listOrders, placeOrder, type WantedOrder } from './orders.ts';
import { findPaymentMethod } from './paymentStub.ts';
import { toProductTag } from './products.ts';
import { RefusedRequest, readObject } from './refusal.ts';

export interface OrderSetting {
  database: Database;
  cache: Cache;
  /** A task waits in the outbox. */
  onPlaced(): void;
  countOrder(result: 'placed' | 'repeated' | 'refused'): void;
}

export function orderRoutes(setting: OrderSetting): Route[] {
  const { database } = setting;
  return [
    {
      method: 'GET',
      path: '/api/orders/',
      handle: async (request) => {
        const customerId = getCustomerId(request);
        const page = toWhole(request.query.get('page'), 1, 1, 10_000);
        if (page === null) throw new RefusedRequest(400, 'bad-page', 'page is 1 to 10000');
        return ok(await listOrders(database, { customerId, page }));
      },
    },
    { method: 'POST', path: '/api/orders/', handle: (request) => answerOrder(setting, request) },
    {
      method: 'GET',
      path: '/api/orders/:id/',
      handle: async (request) => {
        const customerId = getCustomerId(request);
        const orderId = toWhole(request.params.id, 0, 1, Number.MAX_SAFE_INTEGER) ?? 0;
        const order = await findOrder(database, { customerId, orderId });
        if (order !== undefined) return ok(order);
        throw new RefusedRequest(404, 'no-such-order', `there is no order ${request.params.id} of yours`);
      },
    },
  ];
}

async function answerOrder(setting: OrderSetting, request: ServiceRequest): Promise<Reply> {
  const { database, cache, onPlaced, countOrder } = setting;
  const wanted = readOrder(request);
  const { order, isRepeated } = await placeOrder(database, wanted).catch((error: unknown) => {
    countOrder('refused');
    throw error;
  });
  countOrder(isRepeated ? 'repeated' : 'placed');
  if (!isRepeated) {
    onPlaced();
    await cache.invalidate(order.items.map(({ productId }) => toProductTag(productId)));
  }
  const headers = { location: `/api/orders/${order.id}/`, ...(isRepeated ? { 'idempotent-replayed': 'true' } : {}) };
  return { status: 201, headers, body: order };
}

function readOrder(request: ServiceRequest): WantedOrder {
  const customerId = getCustomerId(request);
  const object = readObject(request);
  const lines = findWantedLines(object.items, QUANTITY_LIMIT);
  if (lines === undefined) {
    const shape = '{"productId": 1, "quantity": 1}, each product once';
    throw new RefusedRequest(400, 'bad-items', `items must be 1 to ${LINES_LIMIT} of ${shape}`);
  }
  const expectedTotalCents = toWhole(object.expectedTotalCents, 0, 1, Number.MAX_SAFE_INTEGER);
  if (expectedTotalCents === null) {
    throw new RefusedRequest(400, 'bad-total', 'expectedTotalCents must be a whole number of cents, or left out');
  }
  return {
    ...{ customerId, lines },
    expectedTotalCents: expectedTotalCents === 0 ? undefined : expectedTotalCents,
    fromCart: object.fromCart === true,
    paymentMethod: readPaymentMethod(object.cardNumber),
    key: readKey(request),
  };
}

/** Without a card the payment stub approves. */
function readPaymentMethod(cardNumber: unknown): string {
  if (cardNumber === undefined) return 'stub:approve';
  const method = typeof cardNumber === 'string' ? findPaymentMethod(cardNumber) : undefined;
  if (method !== undefined) return method;
  throw new RefusedRequest(400, 'bad-card', 'cardNumber must be 12 to 19 digits with a right check digit');
}

function readKey({ headers }: ServiceRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,128}$/.test(key)) return key;
  throw new RefusedRequest(400, 'bad-key', 'Idempotency-Key must be 1 to 128 visible characters');
}
