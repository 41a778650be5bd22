// Everything that is known of each service, for the picture, the table, the find box and the side panel alike. Pure.
import type { Breaker, Level, RouteMetrics, Service, Topology } from '../../../app/contract/index.ts';
import { formatBytes, formatMs, formatPercent, formatRate } from '../../components/format.ts';
import { toNetworkGroups } from '../overview/networkGroups.ts';
import type { ServiceUsage } from '../services/serviceUsage.ts';
import type { StoreFigure } from './storeFigures.ts';
import { toUpstreamTraffic, type UpstreamTraffic } from './upstreamTraffic.ts';

export interface TopologyNode {
  name: string;
  service: Service;
  /** The network in whose box it stands. */
  box: string;
  otherNetworks: readonly string[];
  /** The worse of what the engine says of it and of what its callers get. */
  level: Level;
  /** One line of live figures, or what is wrong. */
  line: string;
  /** Set for services behind the gateway, and with the total for the gateway itself. */
  traffic: UpstreamTraffic | null;
  usage: ServiceUsage | null;
  breaker: Breaker | null;
  /** What a store is known by: queue depth, memory, colour. */
  store: StoreFigure | null;
}

export interface NodeSources {
  topology: Pick<Topology, 'services' | 'networks'>;
  /** null while the gateway says nothing. */
  metrics: Pick<RouteMetrics, 'routes' | 'total'> | null;
  breakers: readonly Breaker[] | null;
  usage: ReadonlyMap<string, ServiceUsage>;
  stores: ReadonlyMap<string, StoreFigure>;
}

/** In reading order: box by box, by name inside of it. */
export function toTopologyNodes({ topology, metrics, breakers, usage, stores }: NodeSources): TopologyNode[] {
  return toNetworkGroups(topology).flatMap((group) =>
    group.services.map(({ service, others }): TopologyNode => {
      const traffic = toTraffic(service, metrics);
      const store = stores.get(service.name) ?? null;
      const seen = worse(service.level, traffic && service.kind !== 'gateway' ? traffic.level : null);
      const level = worse(seen, store?.level ?? null);
      const own = usage.get(service.name) ?? null;
      return {
        name: service.name,
        service,
        box: group.name,
        otherNetworks: others,
        level,
        line: toLine({ service, traffic, usage: own, store }),
        traffic,
        usage: own,
        breaker: findBreaker(service, breakers),
        store,
      };
    }),
  );
}

function toTraffic(service: Service, metrics: NodeSources['metrics']): UpstreamTraffic | null {
  if (service.kind === 'gateway') {
    if (!metrics) return null;
    const { requestsPerSecond, errorShare, p95Ms } = metrics.total;
    return { requestsPerSecond, errorShare, p95Ms, isP95Bound: false, breaker: null, level: 'unknown' };
  }
  return service.routes.length > 0 ? toUpstreamTraffic(service, metrics) : null;
}

/** Breakers carry the upstream's address; the worst counts where a service has several. */
function findBreaker({ name, breaker }: Service, breakers: NodeSources['breakers']): Breaker | null {
  const own = (breakers ?? []).filter(({ target }) => URL.canParse(target) && new URL(target).hostname === name);
  return own.find(({ state }) => state === breaker) ?? own[0] ?? null;
}

const severity: Record<Level, number> = { ok: 0, unknown: 1, degraded: 2, down: 3 };

/** No traffic says nothing about a service; trouble does. */
function worse(service: Level, traffic: Level | null): Level {
  if (traffic === null || traffic === 'unknown' || traffic === 'ok') return service;
  return severity[traffic] > severity[service] ? traffic : service;
}

interface LineFacts {
  service: Pick<Service, 'level' | 'statusText'>;
  traffic: UpstreamTraffic | null;
  usage: ServiceUsage | null;
  store?: StoreFigure | null;
}

/** What is wrong comes before any figure. */
export function toLine({ service, traffic, usage, store = null }: LineFacts): string {
  if (service.level === 'down' || service.level === 'degraded') return service.statusText;
  if (traffic) return toTrafficText(traffic);
  const used = toUsageText(usage);
  if (store) return used === null ? store.text : `${store.text} · ${used}`;
  return used ?? service.statusText;
}

export function toTrafficText(traffic: UpstreamTraffic): string {
  const { requestsPerSecond, errorShare, p95Ms, isP95Bound, breaker } = traffic;
  if (requestsPerSecond === null) return breaker === 'open' ? 'breaker open' : 'traffic not known';
  if (requestsPerSecond === 0) return breaker === 'open' ? 'breaker open · no traffic' : 'no traffic';
  const rate = `${formatRate(requestsPerSecond)}/s`;
  if (breaker === 'open' && (errorShare ?? 0) > 0.995) return `${rate} · all refused`;
  if ((errorShare ?? 0) >= 0.01) return `${rate} · ${formatPercent(errorShare)} % err`;
  return p95Ms === null ? rate : `${rate} · p95 ${isP95Bound ? '≤ ' : ''}${formatMs(p95Ms)} ms`;
}

/** `12.0 % · 41 MB`: share of a core and memory; null when neither is known. */
export function toUsageText(usage: ServiceUsage | null): string | null {
  if (!usage || (usage.cpuShare === null && usage.memoryBytes === null)) return null;
  const cpu = usage.cpuShare === null ? null : `${formatPercent(usage.cpuShare)} %`;
  const memory = usage.memoryBytes === null ? null : formatBytes(usage.memoryBytes);
  return [cpu, memory].filter((part) => part !== null).join(' · ');
}

/** The worst first, then by name. */
export function sortByTrouble(nodes: readonly TopologyNode[]): TopologyNode[] {
  return nodes.toSorted((a, b) => severity[b.level] - severity[a.level] || a.name.localeCompare(b.name, 'en'));
}
