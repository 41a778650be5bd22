// The backend as the real process that it is, with its stores in that process, asked as the gateway asks it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CATALOGUE } from '../data/catalogue.ts';
import { type Asked, askSigned, createIdentityFile } from './gatewayIdentity.ts';
import { type ServiceProcess, startService } from './serviceProcess.ts';

const identity = createIdentityFile();
let service: ServiceProcess;
let url = '';

beforeAll(async () => {
  service = startService(['backend'], {
    GATEHOUSE_PORTS: '{"8000":"127.0.0.1:0"}',
    GATEHOUSE_IDENTITY: 'enforce',
    GATEHOUSE_IDENTITY_FILE: identity.path,
    SHOP_ADMIN_PASSWORD: 'of the administrator',
  });
  const { address } = await service.line((line) => line.address !== undefined);
  url = `http://${address}`;
});
afterAll(async () => {
  await service.stop();
  identity.remove();
});

const ask = (path: string, asked?: Asked) => askSigned(url + path, 'backend', asked);
const post = (path: string, body: unknown, asked?: Asked) => ask(path, { method: 'POST', body, ...asked });

function readClaims(token: string): { sub: string; scope: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

async function signIn(username: string, password: string) {
  const { json } = await post('/auth/login/', { username, password });
  const { sub, scope } = readClaims(json.token);
  return { by: { subject: Number(sub), scopes: scope }, refreshToken: json.refreshToken as string };
}

let names = 0;
async function register() {
  names += 1;
  const account = { username: `ann${names}`, password: 'correct horse', email: 'ann@shop.example' };
  expect((await post('/auth/register/', account)).status).toBe(201);
  return { ...(await signIn(account.username, account.password)), account };
}

const product = CATALOGUE.find(({ stock }) => stock > 50) as (typeof CATALOGUE)[number];
const items = [{ productId: product.id, quantity: 2 }];

test('GET / says which stores run, and that tasks are worked off here', async () => {
  expect((await ask('/')).json).toMatchObject({
    stores: {
      database: expect.stringContaining('SQLite in the memory of this process'),
      queue: 'in this process: no broker runs, tasks are worked off here',
    },
  });
});

test('what comes past the gateway is refused, but for the keys that the gateway itself asks for', async () => {
  expect((await fetch(`${url}/api/products/`)).status).toBe(403);
  const keys = await fetch(`${url}/auth/jwks.json`);
  expect(await keys.json()).toMatchObject({ keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' }] });
});

// Five passwords are hashed on the way, which is meant to take its time.
test('a customer registers once, signs in and is known', { timeout: 60_000 }, async () => {
  const { by, account } = await register();
  expect((await ask('/auth/me/', { by })).json).toMatchObject({ username: account.username, scopes: ['customer'] });
  expect((await post('/auth/register/', account)).status).toBe(409);
  // A name is the same however it is written.
  expect((await signIn(account.username.toUpperCase(), account.password)).by).toEqual(by);
  const wrong = await post('/auth/login/', { username: account.username, password: 'wrong horse' });
  expect(wrong).toMatchObject({ status: 401, json: { code: 'wrong-credentials' } });
  const unknown = await post('/auth/login/', { username: 'nobody-here', password: 'wrong horse' });
  expect(unknown.json.detail).toBe(wrong.json.detail);
});

test.each([
  [{ username: 'admin2x!', password: 'correct horse', email: 'a@b' }, 'bad-username'],
  [{ username: 'demo', password: 'correct horse', email: 'a@b' }, 'bad-username'],
  [{ username: 'customer-7', password: 'correct horse', email: 'a@b' }, 'bad-username'],
  [{ username: 'bob', password: 'short', email: 'a@b' }, 'bad-field'],
  [{ username: 'bob', password: 'correct horse', email: 'nowhere' }, 'bad-email'],
])('%j is refused: %s', async (account, code) => {
  expect(await post('/auth/register/', account)).toMatchObject({ status: 400, json: { code } });
});

test('the demo account is there, customers of the past cannot sign in', async () => {
  expect((await signIn('demo', 'demo')).by.scopes).toBe('customer');
  expect((await post('/auth/login/', { username: 'customer-1', password: '' })).status).toBe(400);
  expect((await post('/auth/login/', { username: 'customer-1', password: 'null' })).status).toBe(401);
});

test('a session is renewed, and a refresh token that comes twice ends it', async () => {
  const { refreshToken } = await register();
  const renewed = await post('/auth/refresh/', { refreshToken });
  expect(renewed).toMatchObject({ status: 200, json: { tokenType: 'Bearer', expiresInSeconds: 300 } });
  expect(renewed.headers.get('cache-control')).toBe('no-store');
  expect((await post('/auth/refresh/', { refreshToken })).json).toMatchObject({ code: 'refresh-token-reused' });
  const { refreshToken: next } = renewed.json;
  expect((await post('/auth/refresh/', { refreshToken: next })).json).toMatchObject({ code: 'refresh-token-invalid' });
});

test('signing out ends the session, and is never refused', async () => {
  const { refreshToken } = await register();
  expect((await post('/auth/logout/', { refreshToken })).status).toBe(204);
  expect((await post('/auth/logout/', {})).status).toBe(204);
  expect((await post('/auth/refresh/', { refreshToken })).status).toBe(401);
});

test.each(['GET /api/orders/', 'POST /api/orders/', 'GET /api/cart/', 'GET /auth/me/', 'GET /admin/'])(
  '%s asks who it is, and believes no other provider',
  async (line) => {
    const [method, path = ''] = line.split(' ');
    const asked = { method: method as 'GET' | 'POST', ...(method === 'POST' ? { body: { items } } : {}) };
    expect((await ask(path, asked)).status).toBe(401);
    expect((await ask(path, { ...asked, by: { subject: 1, provider: 'other', scopes: 'admin' } })).status).toBe(401);
  },
);

test('only an administrator sees the administration', async () => {
  const { by } = await register();
  expect((await ask('/admin/', { by })).status).toBe(403);
  const admin = await signIn('admin', 'of the administrator');
  expect(admin.by.scopes).toBe('customer admin');
  expect((await ask('/admin/', admin)).json).toMatchObject({ products: CATALOGUE.length, queue: { dead: 0 } });
});

test('products come in pages, by category and in an order', async () => {
  const page = await ask('/api/products/?category=kitchen&ordering=-price&page_size=5&page=2');
  const kitchen = CATALOGUE.filter(({ category }) => category === 'kitchen');
  const prices = kitchen.map(({ priceCents }) => priceCents).toSorted((a, b) => b - a);
  expect(page.json).toMatchObject({ count: kitchen.length, page: 2, next: 3 });
  expect(page.json.results.map((one: { priceCents: number }) => one.priceCents)).toEqual(prices.slice(5, 10));
  expect((await ask('/api/products/?ordering=stock')).status).toBe(400);
  expect((await ask('/api/products/?page=0')).status).toBe(400);
  const last = await ask('/api/products/?page_size=100&page=12');
  expect(last.json.next).toBe(CATALOGUE.length > 1_200 ? 13 : null);
});

test('a product is what the catalogue says, and one that is not there is a 404', async () => {
  const { id, name, category, tags, priceCents } = CATALOGUE[4] as (typeof CATALOGUE)[number];
  expect((await ask(`/api/products/${id}/`)).json).toMatchObject({ id, name, category, tags, priceCents });
  for (const wrong of ['90123', '0', 'abc', '1e3']) expect((await ask(`/api/products/${wrong}/`)).status).toBe(404);
});

test('categories are counted', async () => {
  const { json } = await ask('/api/categories/');
  const sum = json.results.reduce((all: number, { products }: { products: number }) => all + products, 0);
  expect(sum).toBe(CATALOGUE.length);
});

test('search forgives a slip and says who has searched', async () => {
  await expect.poll(async () => (await ask('/api/search/?q=red+ketle')).json.results[0]?.name).toBe('red kettle');
  expect((await ask('/api/search/?q=red+ketle')).json).toMatchObject({ engine: 'in-process', degraded: false });
  expect((await ask('/api/search/?q=')).status).toBe(400);
});

test('a cart keeps what was put into it until it is ordered', async () => {
  const { by } = await register();
  const put = (productId: number, quantity: number) => post('/api/cart/items/', { productId, quantity }, { by });
  await put(product.id, 1);
  await put(product.id, 2);
  expect((await put(4_711_000, 1)).status).toBe(404);
  expect((await put(1, 0)).status).toBe(400);
  const cart = (await put(7, 1)).json;
  expect(cart.items.map((item: { productId: number }) => item.productId).toSorted()).toEqual(
    [7, product.id].toSorted(),
  );
  expect((await ask('/api/cart/items/7/', { method: 'DELETE', by })).status).toBe(204);
  const ordered = await post(
    '/api/orders/',
    { items, fromCart: true, expectedTotalCents: 2 * product.priceCents },
    { by },
  );
  expect(ordered).toMatchObject({ status: 201, json: { totalCents: 2 * product.priceCents, status: 'received' } });
  expect((await ask('/api/cart/', { by })).json).toEqual({ items: [], totalCents: 0 });
});

const follow = (path: string, asked: Asked) =>
  expect.poll(async () => (await ask(path, asked)).json.status, { timeout: 20_000 });

test('an order becomes confirmed by itself, and what it took is gone from the shelf', async () => {
  const { by } = await register();
  const before = (await ask(`/api/products/${product.id}/`)).json.stock;
  const ordered = await post('/api/orders/', { items, cardNumber: '4242 4242 4242 4242' }, { by });
  const path = ordered.headers.get('location') ?? '';
  expect((await ask(`/api/products/${product.id}/`)).json.stock).toBe(before - 2);
  await follow(path, { by }).toBe('confirmed');
  expect((await ask(path, { by })).json.items).toEqual([{ ...items[0], priceCents: product.priceCents }]);
  expect((await ask('/api/orders/', { by })).json).toMatchObject({ count: 1, results: [{ status: 'confirmed' }] });
  const stranger = await register();
  expect((await ask(path, stranger)).status).toBe(404);
});

test('a declined card ends the order and gives the shelf back', async () => {
  const { by } = await register();
  const before = (await ask(`/api/products/${product.id}/`)).json.stock;
  const ordered = await post('/api/orders/', { items, cardNumber: '4000000000000002' }, { by });
  await follow(ordered.headers.get('location') ?? '', { by }).toBe('payment-failed');
  await expect.poll(async () => (await ask(`/api/products/${product.id}/`)).json.stock).toBe(before);
});

test('the same Idempotency-Key is the same order', async () => {
  const { by } = await register();
  const headers = { 'idempotency-key': 'b2c1' };
  const one = await post('/api/orders/', { items }, { by, headers });
  const two = await post('/api/orders/', { items }, { by, headers });
  expect(two).toMatchObject({ status: 201, json: { id: one.json.id } });
  expect(two.headers.get('idempotent-replayed')).toBe('true');
  const other = await post('/api/orders/', { items: [{ productId: 1, quantity: 1 }] }, { by, headers });
  expect(other).toMatchObject({ status: 422, json: { code: 'key-reused' } });
});

test.each([
  [{ items: [] }, 400, 'bad-items'],
  [{ items: [{ productId: 1 }, { productId: 1 }] }, 400, 'bad-items'],
  [{ items: [{ productId: '1' }] }, 400, 'bad-items'],
  [{ items: [{ productId: 4_711_000 }] }, 400, 'no-such-product'],
  [{ items: [{ productId: 1, quantity: 1_000 }] }, 409, 'out-of-stock'],
  [{ items, cardNumber: '4242424242424241' }, 400, 'bad-card'],
  [{ items, expectedTotalCents: 1 }, 409, 'price-changed'],
])('the order %j is refused with %i %s', async (body, status, code) => {
  const { by } = await signIn('demo', 'demo');
  expect(await post('/api/orders/', body, { by })).toMatchObject({ status, json: { code } });
});

test('no card number is in any log line', async () => {
  const { by } = await signIn('demo', 'demo');
  await post('/api/orders/', { items, cardNumber: '5555 5555 5555 4444' }, { by });
  await service.line((line) => line.message === 'task confirm-order done');
  expect(JSON.stringify(service.lines)).not.toMatch(/5555 5555|5555555555554444|correct horse/);
});
