// A route with what passes it. Pure.
import type { Level, Route, RouteMetrics, RouteTable } from '../../../app/contract/index.ts';

export interface RouteRow {
  route: Route;
  figures: RouteMetrics['routes'][number] | null;
  level: Level;
}

/** Callers get failures: from this share on a route is degraded, from the second on it is down. */
const DEGRADED_SHARE = 0.01;
const DOWN_SHARE = 0.5;

/** `metrics` is null while the gateway cannot be asked: nothing is known then of what passes now. */
export function toRouteRows(table: RouteTable, metrics: RouteMetrics | null): RouteRow[] {
  return [...table.routes]
    .sort((a, b) => a.order - b.order)
    .map((route) => {
      const figures = metrics?.routes.find((one) => one.route === route.id) ?? null;
      return { route, figures, level: toRouteLevel(figures) };
    });
}

/** Without requests nothing can be said. */
export function toRouteLevel(figures: RouteRow['figures']): Level {
  if (!figures?.requestsPerSecond || figures.errorShare === null) return 'unknown';
  if (figures.errorShare >= DOWN_SHARE) return 'down';
  return figures.errorShare >= DEGRADED_SHARE ? 'degraded' : 'ok';
}

export interface Destination {
  /** `search:8002`, or the status of a redirect. */
  place: string;
  /** What the path becomes there, or where the redirect points. */
  path: string;
}

/** Where a request by this route ends. */
export function toDestination(route: Route): Destination {
  const becomes = route.becomes ?? (route.rewriteTo === 'unchanged' ? route.rewriteTo : `${route.rewriteTo}*`);
  if (route.redirect) return { place: String(route.redirect.status), path: ` ${becomes}` };
  return { place: toAuthority(route.target), path: becomes === 'unchanged' ? ' path unchanged' : becomes };
}

/** A path that the route takes, to try it with: `/ai/search/`, `/users/1/orders`. */
export function toExamplePath(route: Route): string {
  return (route.paths[0] ?? '/').replace(/\*$/, '').replace(/\{[^/}]*\}/g, '1');
}

/** `search:8002` of `http://search:8002`. */
export function toAuthority(target: string): string {
  return target.replace(/^[a-z]+:\/\//, '').replace(/\/$/, '');
}
