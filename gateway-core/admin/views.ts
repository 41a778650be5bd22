// What the admin API says, as plain data. The shapes are those of app/contract/shapes/gateway.ts.
import type { BreakerState } from '../breaker/breaker.ts';
import type { Core } from '../exchange/core.ts';
import type { RouteCounters } from '../stats/counters.ts';
import type { TapStats } from '../tap/tap.ts';

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
  return core.revision.config.upstreams.map(({ name, origin, authority }) => ({
    name,
    target: origin,
    address: core.hosts.resolve(authority),
    breaker: core.breakers.snapshot(name).state satisfies BreakerState,
    inFlight: core.live.inFlightByUpstream.get(name) ?? 0,
  }));
}

export function viewBreakers(core: Core) {
  return core.revision.config.upstreams.map(({ name, origin, breaker }) => ({
    upstream: name,
    target: origin,
    ...core.breakers.snapshot(name),
    thresholds: { ...breaker },
    routes: core.revision.config.routes.filter((route) => route.upstream.name === name).map((route) => route.id),
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
