// Verdict rules about what callers get: breakers, errors, latency.
import type { Breaker, RouteMetrics, Service, Verdict } from '../../contract/index.ts';
import { findFirstCause } from './firstCause.ts';
import type { VerdictFacts } from './verdict.ts';
import { sayTrouble, showService } from './verdictOfServices.ts';
import { toCount, toLength, toList, toPercent } from './words.ts';

const errorShareLimit = 0.05;
const slowP95Ms = 1000;
/** Fewer requests than this in the window say nothing about a share or a quantile. */
const fewestRequests = 20;

function showBreaker(upstream: string): Verdict['next'][number] {
  return { label: `Show breaker of ${upstream}`, view: 'breakers', search: { upstream } };
}

function showFailed(route?: string): Verdict['next'][number] {
  return {
    label: 'Failed requests',
    view: 'traffic',
    search: { filter: `status:5xx${route ? ` route:${route}` : ''}` },
  };
}

/** The service that a breaker's target names. */
function serviceOf(breaker: Breaker, services: readonly Service[]): Service | undefined {
  const host = URL.canParse(breaker.target) ? new URL(breaker.target).hostname : breaker.upstream;
  return services.find(({ name }) => name.toLowerCase() === host);
}

export function breakerOpen({ breakers, services, now }: VerdictFacts): Verdict | undefined {
  const open = (breakers ?? []).filter(({ state }) => state === 'open').toSorted((a, b) => a.since - b.since);
  const [first] = open;
  if (!first) return undefined;
  const service = serviceOf(first, services);
  const cause = service && findFirstCause(service.name, services);
  const names = open.map(({ upstream }) => upstream);
  const because = cause
    ? `First cause: ${sayTrouble(cause, now)}.`
    : `First cause: ${first.transitions[0]?.reason ?? 'not known'}; its containers look well.`;
  const trial = first.nextTrialAt === null ? '' : `; next trial in ${toLength(first.nextTrialAt - now)}`;
  const refused = `${toCount(first.refused, 'request')} refused since the breaker of ${first.upstream} opened ${toLength(now - first.since)} ago${trial}.`;
  return {
    level: 'degraded',
    headline: `Degraded: every ${toList(names)} request fails`,
    detail: `${because} ${refused}`,
    subject: cause ? { kind: 'service', name: cause.name } : { kind: 'breaker', name: first.upstream },
    next: [...(cause ? [showService(cause.name)] : []), showBreaker(first.upstream), showFailed(first.routes[0])],
  };
}

export function breakerHalfOpen({ breakers, now }: VerdictFacts): Verdict | undefined {
  const trying = (breakers ?? []).filter(({ state }) => state === 'half-open');
  const [first] = trying;
  if (!first) return undefined;
  return {
    level: 'degraded',
    headline: `Degraded: ${toList(trying.map(({ upstream }) => upstream))} is being tried again`,
    detail: `The breaker of ${first.upstream} has been half-open for ${toLength(now - first.since)}: a few requests pass, the others are refused.`,
    subject: { kind: 'breaker', name: first.upstream },
    next: [showBreaker(first.upstream)],
  };
}

type RouteFigures = RouteMetrics['routes'][number];

function requestsOf(figures: { requestsPerSecond: number | null }, metrics: RouteMetrics): number {
  return ((figures.requestsPerSecond ?? 0) * metrics.windowMs) / 1000;
}

export function tooManyErrors({ metrics, gateway }: VerdictFacts): Verdict | undefined {
  const isByEdge = metrics?.source === 'edge';
  if (!metrics || (gateway.state !== 'live' && !isByEdge)) return undefined;
  const total = metrics.total.errorShare ?? 0;
  if (total <= errorShareLimit || requestsOf(metrics.total, metrics) < fewestRequests) return undefined;
  const failing = (route: RouteFigures) => requestsOf(route, metrics) * (route.errorShare ?? 0);
  const [worst] = metrics.routes.toSorted((a, b) => failing(b) - failing(a));
  const where = worst && failing(worst) > 0 ? worst : undefined;
  return {
    level: 'degraded',
    headline: `Degraded: ${toPercent(total)} of requests fail${where ? `, most of them on ${where.route}` : ''}`,
    detail: [
      `Over the last ${toLength(metrics.windowMs)}.`,
      where
        ? `${where.route}: ${toPercent(where.errorShare ?? 0)} of ${(where.requestsPerSecond ?? 0).toFixed(1)}/s.`
        : '',
      `Of all requests, the upstreams failed ${toPercent(metrics.total.upstreamErrorShare ?? 0)}.`,
    ]
      .filter(Boolean)
      .join(' '),
    // A location of the edge is no route, and has no view of its requests.
    subject: where && !isByEdge ? { kind: 'route', name: where.route } : null,
    next: isByEdge ? [] : [showFailed(where?.route)],
  };
}

export function routeSlow({ metrics, gateway }: VerdictFacts): Verdict | undefined {
  if (!metrics || gateway.state !== 'live') return undefined;
  const slow = metrics.routes
    .filter((route) => (route.p95Ms ?? 0) > slowP95Ms && requestsOf(route, metrics) >= fewestRequests)
    .toSorted((a, b) => (b.p95Ms ?? 0) - (a.p95Ms ?? 0));
  const [worst] = slow;
  if (!worst) return undefined;
  const quantiles = `p50 ${Math.round(worst.p50Ms ?? 0)} ms, p95 ${Math.round(worst.p95Ms ?? 0)} ms`;
  return {
    level: 'degraded',
    headline: `Degraded: ${toList(slow.map(({ route }) => route))} ${slow.length === 1 ? 'is' : 'are'} slow`,
    detail: `${worst.route}: ${quantiles} over the last ${toLength(metrics.windowMs)}. Nothing fails.`,
    subject: { kind: 'route', name: worst.route },
    next: [{ label: 'Slow requests', view: 'traffic', search: { filter: `ms>${slowP95Ms} route:${worst.route}` } }],
  };
}

/** Its admin API does not answer (yet): what callers get is not known. */
export function gatewaySilent({ gateway }: VerdictFacts): Verdict | undefined {
  if (gateway.state === 'live' || gateway.state === 'absent') return undefined;
  const isLost = gateway.state === 'lost';
  return {
    level: 'unknown',
    headline: isLost ? 'Unknown: the gateway does not answer' : 'Connecting to the gateway',
    detail: [gateway.problem?.message, 'What callers get is not known.', gateway.problem?.remedy]
      .filter(Boolean)
      .join(' '),
    subject: { kind: 'gateway', name: gateway.detail },
    next: isLost ? [{ label: 'Show services', view: 'services', search: {} }] : [],
  };
}
