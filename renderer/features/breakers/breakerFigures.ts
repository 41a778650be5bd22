// A breaker with what passes through it, for its card or its row. Pure.
import type { Breaker, Level, RouteMetrics, Sample } from '../../../app/contract/index.ts';
import { formatCount, formatPercent } from '../../components/format.ts';

/** The course that cards and rows show. */
export const COURSE_MS = 120_000;
/** A closed breaker is in trouble from this share of failures on, or from half of what opens it. */
const TROUBLED_SHARE = 0.01;

export interface BreakerFigures {
  requestsPerSecond: number | null;
  /** What callers got in the last interval that had requests: failures and refusals, 0 to 1. */
  callersFailing: { share: number; perSecond: number; windowMs: number } | null;
  upstreamFailingShare: number | null;
  /** Of the slowest route: percentiles of several routes cannot be added up. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** Of the last two minutes, oldest first. */
  course: { at: number; requestsPerSecond: number | null; errorShare: number | null }[];
}

/** All routes that end at the breaker's upstream, taken together. */
export function toBreakerFigures(breaker: Breaker, metrics: RouteMetrics | null): BreakerFigures {
  const routes = (metrics?.routes ?? []).filter(({ route }) => breaker.routes.includes(route));
  const course = toCourse(
    routes.map(({ samples }) => samples),
    metrics?.at ?? 0,
  );
  return {
    requestsPerSecond: sum(routes.map(({ requestsPerSecond }) => requestsPerSecond)),
    callersFailing: toCallersFailing(course, metrics?.stepMs ?? 0),
    upstreamFailingShare: weigh(routes.map((route) => [route.upstreamErrorShare, route.requestsPerSecond])),
    p50Ms: largest(routes.map(({ p50Ms }) => p50Ms)),
    p95Ms: largest(routes.map(({ p95Ms }) => p95Ms)),
    course,
  };
}

/** Now, and not over the last minute: a breaker that just opened fails all of its callers. */
function toCallersFailing(course: BreakerFigures['course'], windowMs: number): BreakerFigures['callersFailing'] {
  const last = course.findLast(({ errorShare }) => errorShare !== null);
  if (!last || last.errorShare === null) return null;
  return { share: last.errorShare, perSecond: last.errorShare * (last.requestsPerSecond ?? 0), windowMs };
}

function toCourse(series: readonly (readonly Sample[])[], at: number): BreakerFigures['course'] {
  const byTime = new Map<number, Sample[]>();
  for (const sample of series.flat()) {
    if (sample.at <= at - COURSE_MS) continue;
    const others = byTime.get(sample.at);
    if (others) others.push(sample);
    else byTime.set(sample.at, [sample]);
  }
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([time, samples]) => ({
      at: time,
      requestsPerSecond: sum(samples.map(({ requestsPerSecond }) => requestsPerSecond)),
      errorShare: weigh(samples.map((sample) => [sample.errorShare, sample.requestsPerSecond])),
    }));
}

/** Unknown only when nothing is known. */
function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

function weigh(pairs: readonly (readonly [value: number | null, weight: number | null])[]): number | null {
  const known = pairs.filter((pair): pair is [number, number] => pair[0] !== null && pair[1] !== null);
  const weight = known.reduce((total, [, share]) => total + share, 0);
  return weight > 0 ? known.reduce((total, [value, share]) => total + value * share, 0) / weight : null;
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** What is left while the gateway cannot be asked: what was, but nothing of now. */
export function withoutNow(figures: BreakerFigures): BreakerFigures {
  return {
    requestsPerSecond: null,
    callersFailing: null,
    upstreamFailingShare: null,
    p50Ms: null,
    p95Ms: null,
    course: figures.course,
  };
}

/** How a breaker is drawn; `isKnown` is false while the gateway cannot be asked. */
export function toBreakerLevel(breaker: Breaker, figures: BreakerFigures, isKnown: boolean): Level {
  if (!isKnown) return 'unknown';
  if (breaker.state === 'open') return 'down';
  if (breaker.state === 'half-open') return 'degraded';
  const { requests, failures } = breaker.window;
  const nearly = requests > 0 && failures / requests >= breaker.thresholds.failureShare / 2;
  if (nearly || (figures.upstreamFailingShare ?? 0) >= TROUBLED_SHARE) return 'degraded';
  return requests === 0 && !figures.requestsPerSecond ? 'unknown' : 'ok';
}

/** `closed`, with what is worth knowing beside it. */
export function toClosedText({ breaker, figures, isKnown }: TroubledBreaker): string {
  const { window, thresholds, forcedUntil = null } = breaker;
  if (!isKnown) return 'last known: closed';
  if (forcedUntil !== null) return 'held closed by an operator';
  if (window.failures > 0) {
    return `closed · ${formatCount(window.failures)} of ${formatCount(window.requests)} failed in ${toSecondsText(thresholds.windowMs)}`;
  }
  return window.requests === 0 && !figures.requestsPerSecond ? 'closed · no traffic' : 'closed';
}

/** `40 % of ≥ 20 in 10 s`. */
export function toThresholdText({ failureShare, minimumRequests, windowMs }: Breaker['thresholds']): string {
  return `${toPercentText(failureShare)} of ≥ ${formatCount(minimumRequests)} in ${toSecondsText(windowMs)}`;
}

export function toConnectThresholdText({ consecutiveConnectFailures }: Breaker['thresholds']): string {
  return `${formatCount(consecutiveConnectFailures)} failed connects in a row`;
}

/** Thresholds are round numbers as a rule: `40 %`, not `40.0 %`. */
export function toPercentText(share: number): string {
  return `${formatPercent(share).replace(/\.0$/, '')} %`;
}

export function toSecondsText(ms: number): string {
  return `${ms % 1000 === 0 ? ms / 1000 : (ms / 1000).toFixed(1)} s`;
}

export function toStaysOpenText({ openMs, halfOpenTrials }: Breaker['thresholds']): string {
  return `${toSecondsText(openMs)}, then ${formatCount(halfOpenTrials)} ${halfOpenTrials === 1 ? 'trial' : 'trials'}`;
}

/** What was seen when it opened, in the gateway's words: `7 of 12 failed in 10 s`; null once that is forgotten. */
export function toOpeningText({ transitions, forcedUntil = null }: Breaker): string | null {
  // An operator opened it; what was seen before says nothing of that.
  if (forcedUntil !== null) return null;
  const opening = transitions.find(({ from, to }) => from === 'closed' && to === 'open');
  return opening ? (opening.reason.split(':')[0] ?? null) : null;
}

/** The filter that shows the failed requests of an upstream; by route where there is one. */
export function toFailedFilter({ upstream, routes }: Breaker): string {
  return routes.length === 1 ? `status:5xx route:${routes[0]}` : `status:5xx upstream:${upstream}`;
}

const order: readonly Level[] = ['down', 'degraded', 'ok', 'unknown'];

export interface TroubledBreaker {
  breaker: Breaker;
  /** Whether the gateway can be asked. */
  isKnown: boolean;
  figures: BreakerFigures;
  level: Level;
}

/** The worst first; among equals the busiest, then by name. */
export function compareByTrouble(a: TroubledBreaker, b: TroubledBreaker): number {
  return (
    order.indexOf(a.level) - order.indexOf(b.level) ||
    (b.figures.upstreamFailingShare ?? 0) - (a.figures.upstreamFailingShare ?? 0) ||
    (b.figures.requestsPerSecond ?? 0) - (a.figures.requestsPerSecond ?? 0) ||
    a.breaker.upstream.localeCompare(b.breaker.upstream, 'en')
  );
}
