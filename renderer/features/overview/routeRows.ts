// The rows of the routes table and their order by trouble. Pure.
import type { Breaker, Figures, Level, Route, RouteMetrics, RouteTable, Sample } from '../../../app/contract/index.ts';

/** Above it a route's callers notice: the verdict of the host draws the same line. */
const DEGRADED_ERROR_SHARE = 0.01;
const DOWN_ERROR_SHARE = 0.5;

export interface RouteRow {
  id: string;
  route: Route;
  level: Level;
  figures: Figures | null;
  samples: Sample[];
  breaker: Breaker | null;
}

export interface RouteRowSources {
  table: RouteTable;
  metrics: RouteMetrics;
  breakers: readonly Breaker[];
}

export function toRouteRows({ table, metrics, breakers }: RouteRowSources): RouteRow[] {
  const rows = table.routes.map((route): RouteRow => {
    const figures = metrics.routes.find((entry) => entry.route === route.id) ?? null;
    const breaker = breakers.find((entry) => entry.upstream === route.upstream) ?? null;
    return {
      id: route.id,
      route,
      level: toRouteLevel(figures, breaker),
      figures,
      samples: figures?.samples ?? [],
      breaker,
    };
  });
  return rows.toSorted(byTrouble);
}

/** What callers of a route get. Without requests nothing is known of it, and an open breaker says it all. */
export function toRouteLevel(
  figures: Pick<Figures, 'errorShare'> | null,
  breaker: Pick<Breaker, 'state'> | null,
): Level {
  if (breaker?.state === 'open') return 'down';
  const share = figures?.errorShare ?? null;
  if (share !== null && share >= DOWN_ERROR_SHARE) return 'down';
  if (breaker?.state === 'half-open') return 'degraded';
  if (share === null) return 'unknown';
  return share >= DEGRADED_ERROR_SHARE ? 'degraded' : 'ok';
}

const severity: Record<Level, number> = { down: 0, degraded: 1, ok: 2, unknown: 3 };

/** The worst first; among equals the one with more failed requests, then more requests, then the table's order. */
export function byTrouble(a: RouteRow, b: RouteRow): number {
  return (
    severity[a.level] - severity[b.level] ||
    toFailedPerSecond(b.figures) - toFailedPerSecond(a.figures) ||
    // Rounded, so that rows do not change places at every tick.
    Math.round(Math.log2((b.figures?.requestsPerSecond ?? 0) + 1)) -
      Math.round(Math.log2((a.figures?.requestsPerSecond ?? 0) + 1)) ||
    a.route.order - b.route.order
  );
}

function toFailedPerSecond(figures: Figures | null): number {
  return Math.round((figures?.requestsPerSecond ?? 0) * (figures?.errorShare ?? 0));
}

/** `http://search:8002` → `search:8002`. */
export function toUpstreamAddress(target: string): string {
  return target.replace(/^[a-z]+:\/\//, '');
}

/** `/api/ai/search/*` → its fixed part and what varies. */
export function splitPattern(pattern: string): [fixed: string, rest: string] {
  const star = pattern.indexOf('/*');
  return star < 0 ? [pattern, ''] : [pattern.slice(0, star), pattern.slice(star)];
}
