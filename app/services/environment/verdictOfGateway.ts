// Verdict rules about what callers get: breakers, errors, latency.
import type { Breaker, Connection, Evidence, RouteMetrics, Service, Verdict } from '../../contract/index.ts';
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

function showFailed(where = ''): Verdict['next'][number] {
  return { label: 'Failed requests', view: 'traffic', search: { filter: `status:5xx ${where}`.trim() } };
}

/** Figures of a gateway that has gone say nothing of now; those of an edge do without one. */
const isCounted = ({ source }: RouteMetrics, gateway: Connection) => gateway.state === 'live' || source === 'edge';

/** Two figures that are not the same: what callers got, rejections included, and what the upstreams failed. */
export function toTraffic({ engine, gateway, isObserved, metrics }: VerdictFacts): Evidence[] {
  if (!metrics || !isCounted(metrics, gateway) || engine.state !== 'live' || !isObserved) return [];
  const { requestsPerSecond, errorShare, upstreamErrorShare } = metrics.total;
  const figure = (name: string, value: string): Evidence => ({
    figure: name,
    value,
    windowMs: metrics.windowMs,
    source: metrics.source,
  });
  if (requestsPerSecond === null) return [figure('Requests', 'not known')];
  if (requestsPerSecond === 0) return [figure('Requests', 'none')];
  return [
    figure('Requests', `${requestsPerSecond.toFixed(1)}/s`),
    figure('Error share of callers', errorShare === null ? 'not known' : toPercent(errorShare)),
    figure('Upstream error share', upstreamErrorShare === null ? 'not known' : toPercent(upstreamErrorShare)),
  ];
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
  const because = cause
    ? `First cause: ${sayTrouble(cause, now)}.`
    : `First cause: ${first.transitions[0]?.reason ?? 'not known'}; the containers of ${first.upstream} look well.`;
  const { upstream, refused, since, nextTrialAt } = first;
  const trial = nextTrialAt === null ? '' : `, next trial in ${toLength(nextTrialAt - now)}`;
  return {
    level: 'degraded',
    impact: `Degraded: every ${toList(open.map((breaker) => breaker.upstream))} request fails`,
    firstCause: cause
      ? { kind: 'service', name: cause.name, text: because }
      : { kind: 'breaker', name: upstream, text: because },
    evidence: [
      {
        figure: `Breaker of ${upstream}`,
        value: `open for ${toLength(now - since)}${trial}`,
        windowMs: null,
        source: 'gateway',
      },
      {
        figure: `Refused by it`,
        value: toCount(refused, 'request'),
        windowMs: Math.max(0, now - since),
        source: 'gateway',
      },
    ],
    next: [...(cause ? [showService(cause.name)] : []), showBreaker(upstream), showFailed(`upstream:${upstream}`)],
  };
}

export function breakerHalfOpen({ breakers, now }: VerdictFacts): Verdict | undefined {
  const trying = (breakers ?? []).filter(({ state }) => state === 'half-open');
  const [first] = trying;
  if (!first) return undefined;
  return {
    level: 'degraded',
    impact: `Degraded: ${toList(trying.map(({ upstream }) => upstream))} is being tried again, most requests to it are refused`,
    firstCause: {
      kind: 'breaker',
      name: first.upstream,
      text: `The breaker of ${first.upstream} lets a few requests pass before it closes.`,
    },
    evidence: [
      {
        figure: `Breaker of ${first.upstream}`,
        value: `half-open for ${toLength(now - first.since)}`,
        windowMs: null,
        source: 'gateway',
      },
    ],
    next: [showBreaker(first.upstream)],
  };
}

type RouteFigures = RouteMetrics['routes'][number];

function requestsOf(figures: { requestsPerSecond: number | null }, metrics: RouteMetrics): number {
  return ((figures.requestsPerSecond ?? 0) * metrics.windowMs) / 1000;
}

export function tooManyErrors({ metrics, gateway }: VerdictFacts): Verdict | undefined {
  if (!metrics || !isCounted(metrics, gateway)) return undefined;
  const { windowMs, source } = metrics;
  // A location of the edge is no route, and has no view of its requests.
  const isByEdge = source === 'edge';
  const total = metrics.total.errorShare ?? 0;
  if (total <= errorShareLimit || requestsOf(metrics.total, metrics) < fewestRequests) return undefined;
  const failing = (route: RouteFigures) => requestsOf(route, metrics) * (route.errorShare ?? 0);
  const [worst] = metrics.routes.toSorted((a, b) => failing(b) - failing(a));
  const where = worst && failing(worst) > 0 ? worst : undefined;
  return {
    level: 'degraded',
    impact: `Degraded: ${toPercent(total)} of requests fail${where ? `, most of them on ${where.route}` : ''}`,
    firstCause:
      where && !isByEdge
        ? { kind: 'route', name: where.route, text: `First cause: not known; it shows on ${where.route}.` }
        : null,
    evidence: where
      ? [
          {
            figure: `Error share of callers on ${where.route}`,
            value: `${toPercent(where.errorShare ?? 0)} of ${(where.requestsPerSecond ?? 0).toFixed(1)}/s`,
            windowMs,
            source,
          },
        ]
      : [],
    next: isByEdge ? [] : [showFailed(where && `route:${where.route}`)],
  };
}

export function routeSlow({ metrics, gateway }: VerdictFacts): Verdict | undefined {
  if (!metrics || gateway.state !== 'live') return undefined;
  const { windowMs } = metrics;
  const slow = metrics.routes
    .filter((route) => (route.p95Ms ?? 0) > slowP95Ms && requestsOf(route, metrics) >= fewestRequests)
    .toSorted((a, b) => (b.p95Ms ?? 0) - (a.p95Ms ?? 0));
  const [worst] = slow;
  if (!worst) return undefined;
  const quantile = (name: string, ms: number | null): Evidence => ({
    figure: `${name} of ${worst.route}`,
    value: `${Math.round(ms ?? 0)} ms`,
    windowMs,
    source: 'gateway',
  });
  return {
    level: 'degraded',
    impact: `Degraded: ${toList(slow.map(({ route }) => route))} ${slow.length === 1 ? 'is' : 'are'} slow`,
    firstCause: {
      kind: 'route',
      name: worst.route,
      text: `First cause: not known; ${worst.route} is the slowest route, and nothing is down.`,
    },
    evidence: [quantile('p50', worst.p50Ms), quantile('p95', worst.p95Ms)],
    next: [{ label: 'Slow requests', view: 'traffic', search: { filter: `ms>${slowP95Ms} route:${worst.route}` } }],
  };
}

/** Its admin API does not answer (yet): what callers get is not known. */
export function gatewaySilent({ gateway }: VerdictFacts): Verdict | undefined {
  if (gateway.state === 'live' || gateway.state === 'absent') return undefined;
  const isLost = gateway.state === 'lost';
  const { problem } = gateway;
  return {
    level: 'unknown',
    impact: isLost
      ? 'Unknown: the gateway does not say what callers get'
      : 'Connecting to the gateway: what callers get is not known yet',
    firstCause: isLost
      ? {
          kind: 'gateway',
          name: gateway.detail,
          text: problem ? `${problem.message} ${problem.remedy}` : 'It does not answer, and nothing says why.',
        }
      : null,
    evidence: [],
    next: isLost ? [{ label: 'Show services', view: 'services', search: {} }] : [],
  };
}
