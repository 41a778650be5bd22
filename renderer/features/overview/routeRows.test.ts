import { expect, test } from 'vitest';
import type { Breaker, Figures, Route, RouteMetrics } from '../../../app/contract/index.ts';
import { splitPattern, toRouteLevel, toRouteRows, toUpstreamAddress } from './routeRows.ts';

const figures: Figures = {
  requestsPerSecond: 10,
  errorShare: 0,
  upstreamErrorShare: 0,
  clientErrorShare: 0,
  limitedShare: 0,
  p50Ms: 1,
  p95Ms: 2,
  p99Ms: 3,
};

function createRoute(id: string, order: number): Route {
  return {
    id,
    order,
    paths: [`/${id}/*`],
    methods: null,
    hosts: null,
    upstream: id,
    target: `http://${id}:80`,
    rewriteTo: '/',
    bodyLimitBytes: 0,
    timeoutMs: 0,
    sentence: '',
    orderReason: '',
  };
}

function createSources(routes: Record<string, Partial<Figures>>, states: Record<string, Breaker['state']> = {}) {
  const ids = Object.keys(routes);
  return {
    table: {
      revision: '',
      loadedAt: 0,
      listener: '',
      stages: [],
      routes: ids.map((id, index) => createRoute(id, index + 1)),
    },
    metrics: {
      routes: ids.map((id) => ({ ...figures, ...routes[id], route: id, samples: [] })),
    } as unknown as RouteMetrics,
    breakers: Object.entries(states).map(([upstream, state]) => ({ upstream, state }) as Breaker),
  };
}

const orderOf = (sources: ReturnType<typeof createSources>) => toRouteRows(sources).map((row) => row.id);

test.each([
  ['an open breaker', { errorShare: null }, { state: 'open' as const }, 'down'],
  ['half of the callers failing', { errorShare: 0.5 }, null, 'down'],
  ['a breaker on trial', { errorShare: 0 }, { state: 'half-open' as const }, 'degraded'],
  ['one of a hundred failing', { errorShare: 0.01 }, { state: 'closed' as const }, 'degraded'],
  ['fewer failing', { errorShare: 0.009 }, null, 'ok'],
  ['no request', { errorShare: null }, { state: 'closed' as const }, 'unknown'],
  ['no figures', null, null, 'unknown'],
])('%s makes a route %s %s %s', (_, figures, breaker, level) => {
  expect(toRouteLevel(figures, breaker)).toBe(level);
});

test('trouble comes first, what is not known last', () => {
  const sources = createSources(
    { quiet: { requestsPerSecond: 0, errorShare: null }, fine: {}, failing: { errorShare: 0.2 }, refused: {} },
    { refused: 'open' },
  );
  expect(orderOf(sources)).toEqual(['refused', 'failing', 'fine', 'quiet']);
});

test('among routes in trouble the one that fails more callers comes first', () => {
  const sources = createSources({
    small: { requestsPerSecond: 10, errorShare: 0.9 },
    large: { requestsPerSecond: 100, errorShare: 0.6 },
  });
  expect(orderOf(sources)).toEqual(['large', 'small']);
});

test('a rate that flickers does not make rows change places', () => {
  const at = (rate: number) =>
    orderOf(createSources({ a: { requestsPerSecond: 100 }, b: { requestsPerSecond: rate } }));
  expect(at(97)).toEqual(at(103));
});

test('the words of a row', () => {
  expect(toUpstreamAddress('http://search:8002')).toBe('search:8002');
  expect(splitPattern('/api/ai/search/*')).toEqual(['/api/ai/search', '/*']);
  expect(splitPattern('/health')).toEqual(['/health', '']);
});
