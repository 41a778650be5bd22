// The difference between two scrapes of a gateway's counters. Pure.
import type { GatewayStats, RouteCounters } from '../../contract/index.ts';

/** What passed a route between two scrapes. */
export interface RouteDelta {
  requests: number;
  /** What callers got: 5xx, refusals of the breaker included. */
  errors: number;
  clientErrors: number;
  limited: number;
  upstreamFailures: number;
  boundsMs: readonly number[];
  /** One more than bounds: the last one counts what is above all. Not summed up. */
  counts: readonly number[];
}

export interface Delta {
  /** Epoch ms of the older and the newer scrape. */
  from: number;
  to: number;
  routes: Readonly<Record<string, RouteDelta>>;
}

/**
 * undefined when the two cannot be compared: the same scrape, or so far apart that what lies between was not watched.
 * A gateway that was started in between counts from zero: all that it counted is the difference.
 */
export function toDelta(before: GatewayStats, after: GatewayStats, longestGapMs: number): Delta | undefined {
  if (after.at <= before.at || after.at - before.at > longestGapMs) return undefined;
  const restarted = after.startedAt !== before.startedAt || hasFallen(before, after);
  const routes = Object.entries(after.routes).map(([route, counters]) => {
    const base = restarted || !Object.hasOwn(before.routes, route) ? undefined : before.routes[route];
    return [route, difference(base, counters)];
  });
  return { from: before.at, to: after.at, routes: Object.fromEntries(routes) };
}

function hasFallen(before: GatewayStats, after: GatewayStats): boolean {
  return Object.entries(before.routes).some(([route, { requests }]) => {
    const now = Object.hasOwn(after.routes, route) ? after.routes[route] : undefined;
    return now !== undefined && now.requests < requests;
  });
}

function difference(before: RouteCounters | undefined, after: RouteCounters): RouteDelta {
  // New bounds come with a new configuration of the gateway; the old counts do not fit them.
  const comparable = before && before.latency.counts.length === after.latency.counts.length ? before : undefined;
  return {
    requests: after.requests - (before?.requests ?? 0),
    errors: after.status['5xx'] - (before?.status['5xx'] ?? 0),
    clientErrors: after.status['4xx'] - (before?.status['4xx'] ?? 0),
    limited: after.limited - (before?.limited ?? 0),
    upstreamFailures: after.upstreamFailures - (before?.upstreamFailures ?? 0),
    boundsMs: after.latency.boundsMs,
    counts: after.latency.counts.map((count, index) => count - (comparable?.latency.counts[index] ?? 0)),
  };
}

const nothing: RouteDelta = {
  requests: 0,
  errors: 0,
  clientErrors: 0,
  limited: 0,
  upstreamFailures: 0,
  boundsMs: [],
  counts: [],
};

/** Several routes, replicas or moments as one. Histograms with other bounds than the first are left out of the quantiles. */
export function sumDeltas(deltas: readonly RouteDelta[]): RouteDelta {
  return deltas.reduce((sum, delta) => {
    const first = sum.counts.length === 0;
    const fits = !first && sum.counts.length === delta.counts.length;
    return {
      requests: sum.requests + delta.requests,
      errors: sum.errors + delta.errors,
      clientErrors: sum.clientErrors + delta.clientErrors,
      limited: sum.limited + delta.limited,
      upstreamFailures: sum.upstreamFailures + delta.upstreamFailures,
      boundsMs: first ? delta.boundsMs : sum.boundsMs,
      counts: first
        ? delta.counts
        : fits
          ? sum.counts.map((count, index) => count + (delta.counts[index] ?? 0))
          : sum.counts,
    };
  }, nothing);
}
