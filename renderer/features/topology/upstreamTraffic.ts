// What goes over the edge from the gateway to one service: its routes taken together. Pure.
import type { Breaker, Level, RouteMetrics, Service } from '../../../app/contract/index.ts';
import { toRouteLevel } from '../overview/routeRows.ts';

export interface UpstreamTraffic {
  /** Of all routes that end here; null when nobody measured. */
  requestsPerSecond: number | null;
  /** What callers got, weighted by the requests of each route. */
  errorShare: number | null;
  p95Ms: number | null;
  /** Of several routes with traffic the slowest: their common p95 lies at or below it. */
  isP95Bound: boolean;
  breaker: Breaker['state'] | null;
  level: Level;
}

type RouteFigures = Pick<RouteMetrics['routes'][number], 'route' | 'requestsPerSecond' | 'errorShare' | 'p95Ms'>;

export function toUpstreamTraffic(
  { routes, breaker }: Pick<Service, 'routes' | 'breaker'>,
  metrics: { routes: readonly RouteFigures[] } | null,
): UpstreamTraffic {
  const own = metrics?.routes.filter(({ route }) => routes.includes(route)) ?? [];
  const rates = own.map((figures) => figures.requestsPerSecond).filter((rate) => rate !== null);
  const requestsPerSecond = rates.length > 0 ? sum(rates) : null;
  const withTraffic = own.filter((figures) => (figures.requestsPerSecond ?? 0) > 0 && figures.errorShare !== null);
  const failing = sum(withTraffic.map(({ requestsPerSecond: rate, errorShare }) => (rate ?? 0) * (errorShare ?? 0)));
  const errorShare =
    withTraffic.length > 0 ? failing / sum(withTraffic.map((figures) => figures.requestsPerSecond ?? 0)) : null;
  const slow = withTraffic.map(({ p95Ms }) => p95Ms).filter((ms) => ms !== null);
  return {
    requestsPerSecond,
    errorShare,
    p95Ms: slow.length > 0 ? Math.max(...slow) : null,
    isP95Bound: slow.length > 1,
    breaker,
    level: toRouteLevel({ errorShare }, breaker ? { state: breaker } : null),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Thicker by the power of ten, in quarters of a pixel, so that an edge does not breathe with its figures. */
export function toEdgeWidth(requestsPerSecond: number | null): number {
  if (!requestsPerSecond) return 1;
  return Math.min(4.5, Math.max(1.25, Math.round((1 + Math.log10(1 + requestsPerSecond) * 1.2) * 4) / 4));
}
