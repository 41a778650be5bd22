import { describe, expect, it } from 'vitest';
import type { Breaker, RouteMetrics } from '../../../app/contract/index.ts';
import {
  compareByTrouble,
  toBreakerFigures,
  toBreakerLevel,
  toClosedText,
  toFailedFilter,
  toOpeningText,
  toStaysOpenText,
  toThresholdText,
} from './breakerFigures.ts';

const breaker: Breaker = {
  upstream: 'backend',
  target: 'http://backend:8000',
  state: 'closed',
  since: 0,
  nextTrialAt: null,
  window: { requests: 100, failures: 0 },
  thresholds: {
    windowMs: 10_000,
    minimumRequests: 20,
    failureShare: 0.4,
    consecutiveConnectFailures: 5,
    openMs: 30_000,
    halfOpenTrials: 2,
  },
  refused: 0,
  transitions: [],
  routes: ['auth', 'backend'],
};

type RouteFigures = RouteMetrics['routes'][number];
const route = (parts: Partial<RouteFigures>): RouteFigures => ({
  route: 'auth',
  requestsPerSecond: 10,
  errorShare: 0,
  upstreamErrorShare: 0,
  clientErrorShare: 0,
  limitedShare: 0,
  p50Ms: 5,
  p95Ms: 20,
  p99Ms: 40,
  samples: [],
  ...parts,
});
const metrics = (routes: RouteFigures[]): RouteMetrics => ({
  at: 1_000_000,
  windowMs: 60_000,
  source: 'gateway',
  stepMs: 10_000,
  total: { ...route({}), peakRequestsPerSecond: null },
  routes,
});
const figures = toBreakerFigures(breaker, metrics([route({})]));

describe('toBreakerFigures', () => {
  it('takes the routes of the upstream together, by their rate', () => {
    const found = toBreakerFigures(
      breaker,
      metrics([
        route({ route: 'auth', requestsPerSecond: 10, upstreamErrorShare: 1, p95Ms: 50 }),
        route({ route: 'backend', requestsPerSecond: 30, upstreamErrorShare: 0, p95Ms: 20 }),
        route({ route: 'ai-search', requestsPerSecond: 500, upstreamErrorShare: 1, p95Ms: 900 }),
      ]),
    );
    expect(found).toMatchObject({ requestsPerSecond: 40, upstreamFailingShare: 0.25, p95Ms: 50 });
  });

  it('knows nothing without metrics, and makes no zero of it', () => {
    expect(toBreakerFigures(breaker, null)).toMatchObject({
      requestsPerSecond: null,
      callersFailing: null,
      p95Ms: null,
      course: [],
    });
  });

  it('keeps two minutes of the course, and its gaps', () => {
    const sample = (at: number, rate: number | null, share: number | null) => ({
      at,
      requestsPerSecond: rate,
      errorShare: share,
      p95Ms: null,
    });
    const { course, callersFailing } = toBreakerFigures(
      breaker,
      metrics([
        route({
          route: 'auth',
          samples: [sample(870_000, 1, 1), sample(990_000, null, null), sample(1_000_000, 10, 1)],
        }),
        route({ route: 'backend', samples: [sample(990_000, null, null), sample(1_000_000, 30, 0)] }),
      ]),
    );
    expect(course).toEqual([
      { at: 990_000, requestsPerSecond: null, errorShare: null },
      { at: 1_000_000, requestsPerSecond: 40, errorShare: 0.25 },
    ]);
    expect(callersFailing).toEqual({ share: 0.25, perSecond: 10, windowMs: 10_000 });
  });
});

describe('toBreakerLevel', () => {
  const quiet = toBreakerFigures(breaker, metrics([route({ requestsPerSecond: 0, upstreamErrorShare: null })]));
  it.each([
    ['open', { ...breaker, state: 'open' as const }, figures, true, 'down'],
    ['half-open', { ...breaker, state: 'half-open' as const }, figures, true, 'degraded'],
    ['closed', breaker, figures, true, 'ok'],
    ['near its threshold', { ...breaker, window: { requests: 10, failures: 2 } }, figures, true, 'degraded'],
    ['failing a little', breaker, { ...figures, upstreamFailingShare: 0.02 }, true, 'degraded'],
    ['without traffic', { ...breaker, window: { requests: 0, failures: 0 } }, quiet, true, 'unknown'],
    ['open, but the gateway is gone', { ...breaker, state: 'open' as const }, figures, false, 'unknown'],
    ['closed, but the gateway is gone', breaker, figures, false, 'unknown'],
  ])('%s', (_name, given, seen, isKnown, level) => {
    expect(toBreakerLevel(given, seen, isKnown)).toBe(level);
  });
});

describe('words', () => {
  it('says thresholds', () => {
    expect(toThresholdText(breaker.thresholds)).toBe('40 % of ≥ 20 in 10 s');
    expect(toStaysOpenText(breaker.thresholds)).toBe('30 s, then 2 trials');
  });

  it('says what is worth knowing of a closed one', () => {
    const row = { breaker, figures, isKnown: true, level: 'ok' as const };
    const failing = { ...breaker, window: { requests: 40, failures: 3 } };
    const quiet = { ...breaker, window: { requests: 0, failures: 0 } };
    expect(toClosedText(row)).toBe('closed');
    expect(toClosedText({ ...row, breaker: failing })).toBe('closed · 3 of 40 failed in 10 s');
    expect(toClosedText({ ...row, breaker: quiet, figures: toBreakerFigures(quiet, null) })).toBe(
      'closed · no traffic',
    );
    expect(toClosedText({ ...row, isKnown: false })).toBe('last known: closed');
  });

  it('says what was seen when it opened, not what the last trial said', () => {
    const transitions: Breaker['transitions'] = [
      { at: 3, from: 'half-open', to: 'open', reason: 'the trial failed: timeout' },
      { at: 2, from: 'open', to: 'half-open', reason: '10 s are over: 2 trials may pass' },
      { at: 1, from: 'closed', to: 'open', reason: '7 of 12 failed in 10 s: 7 connection refused' },
    ];
    expect(toOpeningText({ ...breaker, transitions })).toBe('7 of 12 failed in 10 s');
    expect(toOpeningText(breaker)).toBeNull();
  });

  it('filters by route where there is one, else by upstream', () => {
    expect(toFailedFilter(breaker)).toBe('status:5xx upstream:backend');
    expect(toFailedFilter({ ...breaker, routes: ['ai-search'] })).toBe('status:5xx route:ai-search');
  });
});

describe('compareByTrouble', () => {
  it('puts trouble first, then the busiest, and what has no traffic last', () => {
    const one = (upstream: string, level: 'ok' | 'degraded' | 'unknown', requestsPerSecond: number) => ({
      breaker: { ...breaker, upstream },
      isKnown: true,
      figures: { ...figures, requestsPerSecond },
      level,
    });
    const sorted = [
      one('vision', 'unknown', 0),
      one('fraud', 'ok', 1),
      one('backend', 'ok', 9),
      one('chatbot', 'degraded', 1),
    ];
    expect(sorted.sort(compareByTrouble).map((each) => each.breaker.upstream)).toEqual([
      'chatbot',
      'backend',
      'fraud',
      'vision',
    ]);
  });
});
