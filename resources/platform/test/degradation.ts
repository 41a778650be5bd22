// The table "What degrades" of docs/platform.md, as requests: what is answered while a service is away, and after.
import { randomBytes, randomInt } from 'node:crypto';
import { expect } from 'vitest';
import type { Answered, Ask } from './customer.ts';

/** The part of an answer that is compared. */
export interface Seen {
  status: number;
  code?: unknown;
  body?: unknown;
}

export interface Absence {
  /** The service that is killed; a row of the table. */
  service: string;
  /** What a request ends with, by the name under which a failure shows it. */
  look: Record<string, () => Promise<Seen>>;
  whileAway: Record<string, unknown>;
  after: Record<string, unknown>;
}

const AI_PATHS: Record<string, string> = {
  search: '/api/ai/search/query/?q=kettle',
  pricing: '/api/ai/pricing/calculate/?product_id=1&quantity=2',
  chatbot: '/api/ai/chatbot/health',
  fraud: '/api/ai/fraud/health',
  forecasting: '/api/ai/forecasting/product/1/',
  vision: '/api/ai/vision/health',
};

/** `readToken` answers a token of somebody who may order. */
export function toAbsences(ask: Ask, readToken: () => string): Absence[] {
  const asCustomer: Ask = (path, asked) => ask(path, { ...asked, token: readToken() });
  const get = async (path: string, pick: (body: Record<string, unknown>) => unknown = () => undefined) =>
    toSeen(await asCustomer(path), pick);
  const order = async () => {
    // Of many products, none of which runs out.
    const body = { items: [{ productId: randomInt(1, 200), quantity: 1 }] };
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    return toSeen(await asCustomer('/api/backend/api/orders/', { method: 'POST', headers, body }), () => undefined);
  };
  const products = () => get('/api/backend/api/products/');
  const fine: Seen = { status: 200 };
  const placed: Seen = { status: 201 };

  const stores: Absence[] = [
    {
      service: 'redis',
      look: {
        products,
        order,
        recommendations: () => get('/api/ai/recommender/user/123/', ({ degraded }) => degraded),
      },
      whileAway: { products: fine, order: placed, recommendations: { status: 200, body: ['cache'] } },
      after: { products: fine, order: placed, recommendations: { status: 200, body: [] } },
    },
    {
      service: 'elasticsearch',
      look: {
        search: () => get('/api/backend/api/search/?q=kettle', ({ engine, degraded }) => ({ engine, degraded })),
      },
      whileAway: { search: { status: 200, body: { engine: 'postgres', degraded: true } } },
      after: { search: { status: 200, body: { engine: 'elasticsearch', degraded: false } } },
    },
    {
      service: 'rabbitmq',
      look: { products, order },
      whileAway: { products: fine, order: placed },
      after: { products: fine, order: placed },
    },
    {
      service: 'pgbouncer',
      look: { order, 'semantic search': () => get('/api/ai/search/query/?q=kettle') },
      // What the backend says; after some of it the gateway no longer asks.
      whileAway: {
        order: { status: 503, code: expect.stringMatching(/^(store-away|breaker-open)$/) },
        'semantic search': fine,
      },
      after: { order: placed, 'semantic search': fine },
    },
    {
      service: 'qdrant',
      look: { search: () => get('/api/ai/search/query/?q=kettle', ({ degraded }) => degraded) },
      whileAway: { search: { status: 200, body: ['vectors'] } },
      after: { search: { status: 200, body: [] } },
    },
    {
      service: 'recommender',
      look: {
        shelf: () => get('/api/ai/recommender/product/1/', ({ results }) => (results as unknown[]).length > 0),
        user: () => get('/api/ai/recommender/user/123/'),
        products,
      },
      whileAway: { shelf: { status: 200, body: false }, user: { status: 503, code: 'breaker-open' }, products: fine },
      after: { shelf: { status: 200, body: true }, user: fine, products: fine },
    },
  ];
  const others = Object.entries(AI_PATHS).map(([service, path]) => ({
    service,
    look: { itself: () => get(path), products },
    whileAway: { itself: { status: 503, code: 'breaker-open' }, products: fine },
    after: { itself: fine, products: fine },
  }));
  return [...stores, ...others];
}

function toSeen(answered: Answered, pick: (body: Record<string, unknown>) => unknown): Seen {
  const json = JSON.parse(answered.body || '{}') as Record<string, unknown>;
  const { status } = answered;
  if (status >= 400) return { status, code: json.code };
  const body = pick(json);
  return body === undefined ? { status } : { status, body };
}

/** Asks for all at once. */
export async function look(absence: Absence): Promise<Record<string, Seen>> {
  const seen = Object.entries(absence.look).map(async ([name, ask]) => [name, await ask()] as const);
  return Object.fromEntries(await Promise.all(seen));
}
