import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLength, parseUntil, rangeLengths } from '../features/metrics/metricsRange.ts';
import { parseTraceFilter } from '../features/traces/traceFilter.ts';
import { around, type PivotSubject, toPivotAddress, toPivots } from './pivot.ts';
import { viewPaths } from './views.ts';

const withAll = Object.values(viewPaths);
const without = Object.values(viewPaths).filter((path) => !/logs|traces/.test(path));
const moment = around(1_000_000_000_000);
const request: PivotSubject = {
  kind: 'request',
  id: 'x1',
  method: 'GET',
  path: '/api/search?q=a',
  route: 'search',
  upstream: 'search',
  service: 'search',
  traceId: '4bf9',
};
const views = (subject: PivotSubject, paths: readonly string[] = withAll) =>
  toPivots(subject, moment, paths).map(({ view }) => view);

test.each<[PivotSubject, string[]]>([
  [
    request,
    ['traffic', 'explain', 'routes', 'breakers', 'services', 'logs', 'trace', 'metrics', 'topology', 'timeline'],
  ],
  [{ kind: 'route', route: 'search', upstream: null }, ['traffic', 'logs', 'traces', 'metrics', 'timeline']],
  [
    { kind: 'route', route: 'search', upstream: 'search' },
    ['traffic', 'breakers', 'services', 'logs', 'traces', 'metrics', 'topology', 'timeline'],
  ],
  [
    { kind: 'breaker', upstream: 'search', routes: ['a', 'b'], service: 'search' },
    ['traffic', 'routes', 'services', 'logs', 'traces', 'metrics', 'topology', 'timeline'],
  ],
  [
    { kind: 'container', service: 'qdrant', upstream: null, routes: [] },
    ['logs', 'traces', 'metrics', 'topology', 'timeline'],
  ],
  [
    { kind: 'log', service: 'search', traceId: '4bf9' },
    ['traffic', 'services', 'trace', 'metrics', 'topology', 'timeline'],
  ],
  [
    { kind: 'span', service: 'search', traceId: '4bf9', route: 'search' },
    ['traffic', 'routes', 'services', 'logs', 'metrics', 'topology', 'timeline'],
  ],
  [
    { kind: 'metric', route: 'search', upstream: null, service: null },
    ['traffic', 'routes', 'logs', 'traces', 'metrics', 'timeline'],
  ],
  [
    { kind: 'metric', route: null, upstream: 'search', service: 'search' },
    ['traffic', 'breakers', 'services', 'logs', 'traces', 'metrics', 'topology', 'timeline'],
  ],
  [{ kind: 'metric', route: null, upstream: null, service: null }, ['logs', 'metrics', 'timeline']],
])('from a $kind to everything else', (subject, expected) => {
  expect(views(subject)).toEqual(expected);
});

test('a view that is not built is not offered', () => {
  expect(views(request, without)).toEqual([
    'traffic',
    'explain',
    'routes',
    'breakers',
    'services',
    'metrics',
    'topology',
    'timeline',
  ]);
  expect(views(request, [])).toEqual([]);
});

test('the stretch of time goes along, and the moment in it', () => {
  const address = (view: string) => {
    const pivot = toPivots(request, moment, withAll).find((one) => one.view === view);
    return pivot && toPivotAddress('docker~shop', pivot);
  };
  expect(address('logs')).toBe(
    '/env/docker~shop/logs?services=search&trace=4bf9&from=999999880000&to=1000000060000&at=1000000000000',
  );
  expect(address('trace')).toBe('/env/docker~shop/traces?trace=4bf9');
  expect(address('metrics')).toBe('/env/docker~shop/metrics?range=5m&until=1000000060000');
  expect(address('routes')).toBe('/env/docker~shop/routes?route=search');
});

test('the search for traces of a route and its service is one that the view takes', () => {
  const route: PivotSubject = { kind: 'route', route: 'ai-search', upstream: 'search' };
  const pivot = toPivots(route, moment, withAll).find(({ view }) => view === 'traces');
  expect(parseTraceFilter(pivot?.search.filter ?? '')).toMatchObject({
    query: { service: 'search', route: 'ai-search' },
    problem: null,
  });
  expect(parseUntil(pivot?.search.until)).toBe(moment.to);
});

test('the charts show at least the stretch that was looked at, and end with it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 86_400_000 }), (length) => {
      const to = 1_700_000_000_000;
      const [pivot] = toPivots(request, { at: null, from: to - length, to }, [viewPaths.metrics]);
      expect(parseUntil(pivot?.search.until)).toBe(to);
      expect(parseLength(pivot?.search.range).ms).toBeGreaterThanOrEqual(length);
      expect(rangeLengths.map(({ name }) => name)).toContain(pivot?.search.range);
    }),
  );
});

test('whatever a name is, its address stays one path and one query', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      const subject: PivotSubject = { kind: 'span', service: name, traceId: name, route: name };
      for (const pivot of toPivots(subject, moment, withAll)) {
        const url = new URL(toPivotAddress('docker~shop', pivot), 'http://console');
        expect(url.pathname.split('/')).toHaveLength(pivot.view === 'trace' ? 5 : 4);
        expect(url.hash).toBe('');
      }
    }),
  );
});
