import { expect, test } from 'vitest';
import { toEdgeWidth, toUpstreamTraffic } from './upstreamTraffic.ts';

const figures = (route: string, requestsPerSecond: number | null, errorShare: number | null, p95Ms: number | null) => ({
  route,
  requestsPerSecond,
  errorShare,
  p95Ms,
});
const backend = { routes: ['auth', 'backend'], breaker: 'closed' as const };

test.each([
  [
    'two routes with traffic: rates add up, errors weigh by requests, the p95 is a bound',
    [figures('auth', 10, 0.5, 40), figures('backend', 90, 0, 90)],
    { requestsPerSecond: 100, errorShare: 0.05, p95Ms: 90, isP95Bound: true, level: 'degraded' },
  ],
  [
    'one of two has traffic: its figures are those of the edge',
    [figures('auth', 0, null, null), figures('backend', 9, 0, 12)],
    { requestsPerSecond: 9, errorShare: 0, p95Ms: 12, isP95Bound: false, level: 'ok' },
  ],
  [
    'no traffic: a rate of 0, and no share of nothing',
    [figures('auth', 0, null, null)],
    { requestsPerSecond: 0, errorShare: null, p95Ms: null, level: 'unknown' },
  ],
  [
    'nobody measured',
    [figures('auth', null, null, null)],
    { requestsPerSecond: null, errorShare: null, level: 'unknown' },
  ],
  ['routes of others do not count', [figures('ai-search', 50, 1, 3)], { requestsPerSecond: null, level: 'unknown' }],
])('%s', (_, routes, expected) => {
  const traffic = toUpstreamTraffic(backend, { routes });
  expect(traffic).toMatchObject({
    ...expected,
    ...('errorShare' in expected ? { errorShare: traffic.errorShare } : {}),
  });
  if ('errorShare' in expected && expected.errorShare !== null)
    expect(traffic.errorShare).toBeCloseTo(expected.errorShare);
  else expect(traffic.errorShare).toBeNull();
});

test('an open breaker is down even when nobody asks, and without figures at all', () => {
  expect(toUpstreamTraffic({ routes: ['a'], breaker: 'open' }, null).level).toBe('down');
  expect(toUpstreamTraffic({ routes: ['a'], breaker: 'half-open' }, null).level).toBe('degraded');
});

test.each([
  [null, 1],
  [0, 1],
  [0.1, 1.25],
  [9, 2.25],
  [99, 3.5],
  [1e9, 4.5],
])('%s requests a second are drawn %s px wide', (rate, width) => {
  expect(toEdgeWidth(rate)).toBe(width);
});

test('a figure that moves a little moves no edge', () => {
  expect(new Set([40, 41, 42, 43].map(toEdgeWidth)).size).toBe(1);
});
