// A customer who walks through the whole shop: signs up, looks around on both sides, orders, and waits for the payment.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';

export interface Asked {
  method?: string;
  token?: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answered {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** A request to the edge of the platform. */
export type Ask = (path: string, asked?: Asked) => Promise<Answered>;

export interface Walk {
  token: string;
  orderId: number;
  /** nginx' own id of the request that placed the order. */
  orderRequestId: string;
}

/** The edge admits 10 a second of one address. */
const PAUSE_MS = 120;
const PAID_WITHIN_MS = 30_000;

/** Fails the test where something is not as it should be. */
export async function walkAsCustomer(ask: Ask): Promise<Walk> {
  const get = async <Body>(path: string, asked: Asked = {}, status = 200): Promise<Body> => {
    await delay(PAUSE_MS);
    const answered = await ask(path, asked);
    expect({ path, status: answered.status, body: answered.status === status ? '' : answered.body }).toEqual({
      ...{ path, status, body: '' },
    });
    return JSON.parse(answered.body || 'null') as Body;
  };
  const token = await signUp(get);
  await lookAround(get, token);

  await get('/api/backend/api/orders/', {}, 401);
  await get('/api/backend/admin/', { token }, 403);
  const order = { items: [{ productId: 1, quantity: 2 }] };
  const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
  const placed = await ask('/api/backend/api/orders/', { method: 'POST', token, headers, body: order });
  expect(placed).toMatchObject({ status: 201, headers: { 'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/) } });
  const { id, totalCents } = JSON.parse(placed.body) as { id: number; totalCents: number };
  expect(totalCents).toBeGreaterThan(0);
  const again = await get<{ id: number }>(
    '/api/backend/api/orders/',
    { method: 'POST', token, headers, body: order },
    201,
  );
  expect(again.id).toBe(id);
  await get('/api/backend/api/orders/', { method: 'POST', token, body: { items: [] } }, 422);

  await waitUntilPaid(get, { token, orderId: id });
  return { token, orderId: id, orderRequestId: String(placed.headers['x-request-id']) };
}

type Get = <Body>(path: string, asked?: Asked, status?: number) => Promise<Body>;

async function signUp(get: Get): Promise<string> {
  const username = `ann-${randomBytes(6).toString('hex')}`;
  const account = { username, password: 'correct horse', email: `${username}@shop.example` };
  await get('/api/auth/register/', { method: 'POST', body: account }, 201);
  await get('/api/auth/login/', { method: 'POST', body: { ...account, password: 'wrong' } }, 401);
  const { token, refreshToken } = await get<{ token: string; refreshToken: string }>('/api/auth/login/', {
    method: 'POST',
    body: account,
  });
  expect(await get('/api/auth/me/', { token })).toMatchObject({ username });
  const renewed = await get<{ token: string }>('/api/auth/refresh/', { method: 'POST', body: { refreshToken } });
  return renewed.token;
}

async function lookAround(get: Get, token: string): Promise<void> {
  expect(await get('/api/backend/api/products/?page=2')).toMatchObject({ page: 2, results: expect.any(Array) });
  await get('/api/backend/api/categories/');
  for (const path of ['/api/backend/api/search/?q=kettle', '/api/ai/search/query/?q=kettle']) {
    const { results } = await get<{ results: { name: string }[] }>(path);
    expect(
      results.some(({ name }) => name.includes('kettle')),
      path,
    ).toBe(true);
  }
  for (const path of ['/api/ai/recommender/user/123/', '/api/ai/recommender/product/1/']) {
    expect((await get<{ results: unknown[] }>(path)).results.length, path).toBeGreaterThan(0);
  }
  expect(await get('/api/ai/pricing/calculate/?product_id=1&quantity=2')).toMatchObject({ productId: 1, quantity: 2 });
  const question = { method: 'POST', body: { question: 'How do I return something?' } };
  expect(await get('/api/ai/chatbot/chat/', question)).toMatchObject({ answer: expect.any(String) });
  expect(await get('/api/ai/forecasting/product/1/', { token })).toMatchObject({ forecast: expect.any(Array) });
  await get('/api/ai/forecasting/product/1/', {}, 401);
}

async function waitUntilPaid(get: Get, { token, orderId }: { token: string; orderId: number }): Promise<void> {
  const status = async () => (await get<{ status: string }>(`/api/backend/api/orders/${orderId}/`, { token })).status;
  await expect.poll(status, { timeout: PAID_WITHIN_MS, interval: 500 }).toBe('confirmed');
}

interface Span {
  spanID: string;
  startTime: number;
  processID: string;
  references: { refType: string; spanID: string }[];
  tags: { key: string; value: unknown }[];
}

/** The way from the trace's first span to the worker's, in the words of the query API of Jaeger. */
export function findWayToWorker(answer: string): string[] {
  const { data } = JSON.parse(answer) as {
    data: { spans: Span[]; processes: Record<string, { serviceName: string }> }[];
  };
  const [trace] = data;
  if (trace === undefined) return [];
  const byId = new Map(trace.spans.map((span) => [span.spanID, span]));
  const serviceOf = (span: Span) => trace.processes[span.processID]?.serviceName ?? '';
  const kindOf = (span: Span) => String(span.tags.find(({ key }) => key === 'span.kind')?.value);
  const way: string[] = [];
  // Each task has another one sent; the first is the one that the order itself waits for.
  let at = trace.spans
    .filter((span) => serviceOf(span) === 'celery-worker' && kindOf(span) === 'consumer')
    .sort((a, b) => a.startTime - b.startTime)[0];
  while (at !== undefined) {
    way.unshift(`${serviceOf(at)} ${kindOf(at)}`);
    at = byId.get(at.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID ?? '');
  }
  return way;
}
