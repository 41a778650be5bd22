import { formatWindow } from '../../../app/contract/index.ts';
import { formatMs, formatPercent, formatRate } from '../../components/format.ts';
import type { Report } from '../../components/report.ts';
import { sortByTrouble, type TopologyNode } from './topologyNodes.ts';

/** What the picture shows, the worst first; `windowMs` is 0 where traffic is not known. */
export function toTopologyReport(nodes: readonly TopologyNode[], windowMs: number): Report {
  const troubled = sortByTrouble(nodes).filter(({ level }) => level === 'down' || level === 'degraded');
  return {
    verdict:
      troubled.length === 0
        ? `Topology: none of ${nodes.length} services is in trouble`
        : `Topology: ${troubled.map(({ name }) => name).join(', ')} in trouble`,
    evidence: [
      windowMs > 0 ? `Traffic of the last ${formatWindow(windowMs)}, by the gateway` : 'Traffic is not known',
      {
        headers: ['service', 'level', 'networks', 'req/s', 'errors of callers %', 'p95 ms', 'breaker', 'says'],
        figures: [3, 4, 5],
        rows: sortByTrouble(nodes).map(({ name, level, box, otherNetworks, traffic, breaker, service, store }) => [
          name,
          level,
          [box, ...otherNetworks].join(', '),
          formatRate(traffic?.requestsPerSecond),
          formatPercent(traffic?.errorShare),
          formatMs(traffic?.p95Ms),
          breaker?.state ?? '–',
          [service.statusText, store ? `${store.name} ${store.value}` : ''].filter(Boolean).join(', '),
        ]),
      },
    ],
    command: 'gatehouse status',
  };
}
