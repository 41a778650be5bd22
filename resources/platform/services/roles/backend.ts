// The shop's REST API: products, orders, sign-in. Orders and sessions live in memory and are bounded.
import { randomUUID } from 'node:crypto';
import { CATALOGUE, findProduct } from '../data/catalogue.ts';
import {
  ok,
  type Reply,
  type Route,
  readJson,
  refuse,
  type Service,
  type ServiceRequest,
  toWhole,
} from '../kit/routes.ts';

interface Order {
  id: number;
  createdAt: string;
  items: { productId: number; quantity: number; priceCents: number }[];
  totalCents: number;
  status: 'received';
}

const ORDERS_KEPT = 1_000;
const SESSIONS_KEPT = 1_000;
const ITEMS_LIMIT = 100;
const ITEMS_WANTED = `items must be 1 to ${ITEMS_LIMIT} of {"productId": 1, "quantity": 1}, with products that exist`;
/** The one account of the demonstration shop. It guards nothing: there is no data behind it. */
const DEMO_ACCOUNT = { username: 'demo', password: 'demo' };

export function createBackend(): Service {
  const orders = new Map<number, Order>();
  const sessions = new Map<string, string>();
  const admin: Route = {
    method: 'GET',
    path: '/admin/',
    handle: () =>
      ok({
        site: 'shop administration',
        products: CATALOGUE.length,
        orders: orders.size,
        sessions: sessions.size,
      }),
  };
  const health: Route = {
    method: 'GET',
    path: '/api/health/',
    handle: () => ok({ status: 'ok', service: 'backend' }),
  };
  const routes = [health, ...productRoutes(), ...orderRoutes(orders), admin, ...authRoutes(sessions)];
  return { name: 'backend', port: 8000, healthPath: health.path, routes };
}

function productRoutes(): Route[] {
  return [
    { method: 'GET', path: '/api/products/', handle: listProducts },
    {
      method: 'GET',
      path: '/api/products/:id/',
      handle: ({ params }) => {
        const product = findProduct(params.id);
        return product ? ok(product) : refuse(404, 'no-such-product', `there is no product ${params.id}`);
      },
    },
  ];
}

function orderRoutes(orders: Map<number, Order>): Route[] {
  let nextOrder = 1;
  return [
    {
      method: 'GET',
      path: '/api/orders/',
      handle: () => ok({ count: orders.size, results: [...orders.values()].slice(-50).reverse() }),
    },
    {
      method: 'POST',
      path: '/api/orders/',
      handle: (request) => {
        const json = readJson(request);
        if ('refusal' in json) return json.refusal;
        const items = parseItems(json.value.items);
        if (items === null) return refuse(400, 'bad-items', ITEMS_WANTED);
        const order = toOrder(nextOrder++, items);
        keepNewest(orders, order.id, order, ORDERS_KEPT);
        return { status: 201, headers: { location: `/api/orders/${order.id}/` }, body: order };
      },
    },
    {
      method: 'GET',
      path: '/api/orders/:id/',
      handle: ({ params }) => {
        const order = orders.get(Number(params.id));
        return order ? ok(order) : refuse(404, 'no-such-order', `there is no order ${params.id}`);
      },
    },
  ];
}

function authRoutes(sessions: Map<string, string>): Route[] {
  const bearer = (request: ServiceRequest) => /^Bearer (\S{1,200})$/i.exec(request.authorization ?? '')?.[1] ?? '';
  return [
    {
      method: 'POST',
      path: '/auth/login/',
      handle: (request) => {
        const json = readJson(request);
        if ('refusal' in json) return json.refusal;
        const { username, password } = json.value;
        if (username !== DEMO_ACCOUNT.username || password !== DEMO_ACCOUNT.password) {
          return refuse(401, 'wrong-credentials', 'the demonstration shop has one account: demo, with password demo');
        }
        const token = randomUUID();
        keepNewest(sessions, token, DEMO_ACCOUNT.username, SESSIONS_KEPT);
        return ok({
          token,
          tokenType: 'Bearer',
          note: 'an opaque token of this process; no signed token is issued yet',
        });
      },
    },
    {
      method: 'POST',
      path: '/auth/logout/',
      handle: (request) => {
        sessions.delete(bearer(request));
        return { status: 204, body: '' };
      },
    },
    {
      method: 'GET',
      path: '/auth/me/',
      handle: (request) => {
        const username = sessions.get(bearer(request));
        return username
          ? ok({ username })
          : refuse(401, 'not-signed-in', 'send the token of POST /auth/login/ as a bearer token');
      },
    },
  ];
}

function toOrder(id: number, items: Order['items']): Order {
  const totalCents = items.reduce((sum, item) => sum + item.priceCents * item.quantity, 0);
  return { id, createdAt: new Date().toISOString(), items, totalCents, status: 'received' };
}

function listProducts({ query }: ServiceRequest): Reply {
  const page = toWhole(query.get('page'), 1, 1, 10_000);
  const size = toWhole(query.get('page_size'), 20, 1, 100);
  if (page === null || size === null) return refuse(400, 'bad-page', 'page is 1 to 10000, page_size 1 to 100');
  const category = query.get('category');
  const found = category === null ? CATALOGUE : CATALOGUE.filter((product) => product.category === category);
  const results = found.slice((page - 1) * size, page * size);
  const next = page * size < found.length ? page + 1 : null;
  return ok({ count: found.length, page, next, results });
}

function parseItems(value: unknown): Order['items'] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > ITEMS_LIMIT) return null;
  const items: Order['items'] = [];
  for (const entry of value as unknown[]) {
    if (typeof entry !== 'object' || entry === null) return null;
    const { productId, quantity } = entry as Record<string, unknown>;
    const product = findProduct(productId);
    const wanted = toWhole(quantity, 1, 1, 1_000);
    if (product === undefined || wanted === null) return null;
    items.push({ productId: product.id, quantity: wanted, priceCents: product.priceCents });
  }
  return items;
}

function keepNewest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, limit: number): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > limit && oldest !== undefined) map.delete(oldest);
}
