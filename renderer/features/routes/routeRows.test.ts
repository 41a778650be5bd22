import { describe, expect, it } from 'vitest';
import { toAuthority, toRouteLevel } from './routeRows.ts';

const figures = (requestsPerSecond: number | null, errorShare: number | null) => ({
  route: 'ai-search',
  requestsPerSecond,
  errorShare,
  upstreamErrorShare: null,
  clientErrorShare: null,
  limitedShare: null,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  samples: [],
});

describe('toRouteLevel', () => {
  it.each([
    [null, 'unknown'],
    [figures(null, null), 'unknown'],
    [figures(0, null), 'unknown'],
    [figures(5, 0), 'ok'],
    [figures(5, 0.009), 'ok'],
    [figures(5, 0.01), 'degraded'],
    [figures(5, 0.5), 'down'],
    [figures(5, 1), 'down'],
  ])('%j is %s', (given, level) => {
    expect(toRouteLevel(given)).toBe(level);
  });
});

describe('toAuthority', () => {
  it.each([
    ['http://search:8002', 'search:8002'],
    ['https://shop.example/', 'shop.example'],
    ['search:8002', 'search:8002'],
  ])('%s', (target, authority) => expect(toAuthority(target)).toBe(authority));
});
