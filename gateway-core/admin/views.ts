// What the admin API says, as plain data. The shapes are those of app/contract/shapes/gateway.ts.
import type { BreakerState } from '../breaker/breaker.ts';
import type { Core } from '../exchange/core.ts';
import { isEjected } from '../health/outlier.ts';
import type { RouteCounters } from '../stats/counters.ts';
import type { TapStats } from '../tap/tap.ts';
import type { LiveUpstream } from '../upstream/liveUpstream.ts';
import type { Replica } from '../upstream/replica.ts';

interface GatewayStats {
  gateway: string;
  version: string;
  startedAt: number;
  at: number;
  inFlight: number;
  draining: boolean;
  routes: Record<string, RouteCounters>;
  tap: TapStats;
}

export function viewUpstreams(core: Core) {
  const now = core.clock.now();
  return [...core.revision.upstreams.values()].map((live) => ({
    name: live.name,
    target: live.config.origin,
    address: live.replicas[0] ? live.addressOf(live.replicas[0]) : live.config.authority,
    breaker: live.breaker.snapshot(now).state satisfies BreakerState,
    inFlight: live.places.inFlight,
    queued: live.places.queued,
    inPanic: live.isInPanic(now),
    retriesLeft: live.budget.remaining(now),
    totals: { ...live.totals },
    replicas: live.replicas.map((replica) => viewReplica(live, replica, now)),
  }));
}

function viewReplica(live: LiveUpstream, replica: Replica, now: number) {
  const { outlier, healthState } = replica;
  return {
    id: replica.id,
    address: live.addressOf(replica),
    weight: replica.endpoint.weight,
    /** `unknown` where nothing checks it. */
    health: healthState.health,
    lastCheck: replica.lastCheck,
    breaker: (replica.breaker ?? live.breaker).snapshot(now).state satisfies BreakerState,
    ejectedUntil: isEjected(outlier, now) ? outlier.ejectedUntil : null,
    ejectedFor: isEjected(outlier, now) ? outlier.reason : null,
    drainedUntil: replica.isDrained(now) ? replica.drainedUntil : null,
    inFlight: replica.inFlight,
    requests: replica.requests,
    failures: replica.failures,
    latencyMs: replica.latencyMs(now),
    connections: replica.client?.connections ?? { open: 0, idle: 0 },
  };
}

export function viewBreakers(core: Core) {
  const now = core.clock.now();
  return [...core.revision.upstreams.values()].map((live) => ({
    upstream: live.name,
    target: live.config.origin,
    ...live.breaker.snapshot(now),
    thresholds: { ...live.config.breaker },
    routes: core.revision.config.routes.filter((route) => route.upstream.name === live.name).map((route) => route.id),
    // Of a single one, the upstream's breaker is its breaker.
    replicas: live.replicas.flatMap(({ id, breaker }) => (breaker ? [{ replica: id, ...breaker.snapshot(now) }] : [])),
  }));
}

export function viewStats(core: Core): GatewayStats {
  return {
    gateway: core.name,
    version: core.version,
    startedAt: core.startedAt,
    at: core.clock.now(),
    inFlight: core.live.inFlight,
    draining: core.live.leaving,
    routes: core.counters.snapshot(),
    tap: core.tap.stats(),
  };
}
