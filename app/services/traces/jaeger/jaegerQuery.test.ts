import { expect, test } from 'vitest';
import { type TraceQuery, traceQuerySchema } from '../../../contract/index.ts';
import { servicesAsked, toQuestions } from './jaegerQuery.ts';

const range = { from: 1_000_000, to: 2_000_000 };
const ask = (query: Partial<TraceQuery>, services = ['search', 'api-gateway', 'jaeger']) =>
  toQuestions(traceQuerySchema.parse(query), range, services).map(({ service, limit, target }) => {
    const { pathname, searchParams } = new URL(target, 'http://jaeger');
    expect(pathname).toBe('/api/traces');
    return { service, limit, ...Object.fromEntries(searchParams) };
  });

test('without a service each is asked, the gateway first and with the whole limit', () => {
  expect(ask({ limit: 50 }).map(({ service, limit }) => [service, limit])).toEqual([
    ['api-gateway', '50'],
    ['search', '20'],
    ['jaeger', '20'],
  ]);
});

test('a service, an error and durations are asked of its spans, in microseconds', () => {
  expect(ask({ service: 'search', error: true, minMs: 1.5, maxMs: 2000 })).toEqual([
    expect.objectContaining({
      service: 'search',
      start: '1000000000',
      end: '2000000000',
      tags: '{"error":"true"}',
      minDuration: '1500us',
      maxDuration: '2000000us',
    }),
  ]);
});

test('a route is on the span of the gateway alone: the other conditions are judged afterwards', () => {
  const [first, ...others] = ask({ route: 'ai-search', service: 'search', error: true, minMs: 5 });
  expect(first).toMatchObject({ service: 'api-gateway', limit: '200', tags: '{"gatehouse.route.id":"ai-search"}' });
  expect(first).not.toHaveProperty('minDuration');
  expect(others.length).toBe(2);
});

test('a route with a slash is a pattern, and a request is found by its id', () => {
  expect(ask({ route: '/api/*' })[0]).toMatchObject({ tags: '{"http.route":"/api/*"}' });
  expect(ask({ requestId: 'a"b' })[0]).toMatchObject({ tags: '{"gatehouse.request.id":"a\\"b"}' });
});

test('there is a bound to how many are asked', () => {
  expect(
    ask(
      {},
      Array.from({ length: 99 }, (_, place) => `s${place}`),
    ).length,
  ).toBe(servicesAsked);
});
