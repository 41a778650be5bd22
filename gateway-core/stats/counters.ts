// Cumulative counters by route, kept over changes of the configuration. Its routes are their only keys, so this is bounded.
import { findBucket, latencyBoundsMs } from './latencyBounds.ts';

export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'aborted';

export interface RouteCounters {
  requests: number;
  status: Record<StatusClass, number>;
  limited: number;
  refused: number;
  upstreamFailures: number;
  latency: { boundsMs: number[]; counts: number[] };
}

/** What one finished exchange adds. */
export interface Observation {
  /** null: no route matched. */
  readonly route: string | null;
  readonly statusClass: StatusClass;
  readonly status: number | null;
  readonly method: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly code: string | null;
  /** The upstream failed: 5xx, timeout, refused connection, reset. */
  readonly upstreamFailed: boolean;
  readonly durationMs: number;
  /** A WebSocket's duration is how long somebody looked, not how long somebody waited. */
  readonly protocol: 'http' | 'websocket';
}

export const NO_ROUTE = '-';

export interface Counters {
  observe(observation: Observation): void;
  /** Adds new routes, forgets those that are gone; what was counted stays. */
  reconcile(routeIds: readonly string[]): void;
  snapshot(): Record<string, RouteCounters>;
}

export function createCounters(routeIds: readonly string[]): Counters {
  const routes = new Map([...routeIds, NO_ROUTE].map((id) => [id, createRouteCounters()]));
  return {
    observe(observation) {
      const counters = routes.get(observation.route ?? NO_ROUTE) ?? routes.get(NO_ROUTE);
      if (!counters) return;
      counters.requests += 1;
      counters.status[observation.statusClass] += 1;
      if (observation.status === 429) counters.limited += 1;
      if (observation.code === 'breaker-open') counters.refused += 1;
      if (observation.upstreamFailed) counters.upstreamFailures += 1;
      if (observation.protocol === 'websocket' && observation.statusClass === '1xx') return;
      const bucket = findBucket(observation.durationMs);
      counters.latency.counts[bucket] = (counters.latency.counts[bucket] ?? 0) + 1;
    },
    reconcile(routeIds) {
      const wanted = new Set([...routeIds, NO_ROUTE]);
      for (const id of routes.keys()) if (!wanted.has(id)) routes.delete(id);
      for (const id of wanted) if (!routes.has(id)) routes.set(id, createRouteCounters());
    },
    snapshot: () => Object.fromEntries([...routes].map(([id, counters]) => [id, structuredClone(counters)])),
  };
}

function createRouteCounters(): RouteCounters {
  return {
    requests: 0,
    status: { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, aborted: 0 },
    limited: 0,
    refused: 0,
    upstreamFailures: 0,
    latency: { boundsMs: [...latencyBoundsMs], counts: new Array<number>(latencyBoundsMs.length + 1).fill(0) },
  };
}

export function toStatusClass(status: number): StatusClass {
  const digit = Math.floor(status / 100);
  if (digit === 1) return '1xx';
  if (digit === 2) return '2xx';
  if (digit === 3) return '3xx';
  return digit === 4 ? '4xx' : '5xx';
}
