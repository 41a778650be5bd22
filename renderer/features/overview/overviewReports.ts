// The panels of Overview, as others may read them. Pure.
import { type Change, formatWindow, type RouteMetrics, type Topology } from '../../../app/contract/index.ts';
import { formatMoment, formatMs, formatPercent, formatQuantity, formatRate } from '../../components/format.ts';
import type { Report } from '../../components/report.ts';
import { toNetworkGroups } from './networkGroups.ts';
import type { RouteRow } from './routeRows.ts';

export function toRoutesReport(rows: readonly RouteRow[], metrics: Pick<RouteMetrics, 'windowMs'>): Report {
  const troubled = rows.filter(({ level }) => level === 'down' || level === 'degraded');
  return {
    verdict:
      troubled.length === 0
        ? `Routes: none of ${rows.length} is in trouble`
        : `Routes: ${troubled.length} of ${rows.length} in trouble, the worst is ${troubled[0]?.id}`,
    evidence: [
      `Figures of the last ${formatWindow(metrics.windowMs)}, by the gateway`,
      {
        headers: [
          'route',
          'upstream',
          'level',
          'req/s',
          'errors of callers %',
          'upstream errors %',
          'p95 ms',
          'breaker',
        ],
        figures: [3, 4, 5, 6],
        rows: rows.map(({ id, route, level, figures, breaker }) => [
          id,
          route.upstream ?? '–',
          level,
          formatRate(figures?.requestsPerSecond),
          formatPercent(figures?.errorShare),
          formatPercent(figures?.upstreamErrorShare),
          formatMs(figures?.p95Ms),
          breaker?.state ?? '–',
        ]),
      },
    ],
    command: 'gatehouse routes',
  };
}

export function toTrafficReport({ total, routes, windowMs, source }: RouteMetrics): Report {
  return {
    verdict: `Requests: ${formatRate(total.requestsPerSecond)}/s, ${formatPercent(total.errorShare)} % of callers got errors (upstreams failed ${formatPercent(total.upstreamErrorShare)} %)`,
    evidence: [
      `Figures of the last ${formatWindow(windowMs)}, by ${source}`,
      {
        headers: ['route', 'req/s', 'errors of callers %', '4xx %', '429 %', 'p50 ms', 'p95 ms'],
        figures: [1, 2, 3, 4, 5, 6],
        rows: routes.map((route) => [
          route.route,
          formatRate(route.requestsPerSecond),
          formatPercent(route.errorShare),
          formatPercent(route.clientErrorShare),
          formatPercent(route.limitedShare),
          formatMs(route.p50Ms),
          formatMs(route.p95Ms),
        ]),
      },
    ],
    command: 'gatehouse tap',
  };
}

export function toChangesReport(changes: readonly Change[]): Report {
  return {
    verdict: changes[0] ? `Last change: ${changes[0].subject} ${changes[0].text}` : 'Nothing changed',
    evidence: [
      {
        headers: ['at', 'what', ''],
        rows: changes.map(({ at, subject, text }) => [formatMoment(at), subject, text]),
      },
    ],
    command: 'gatehouse status',
  };
}

export function toNetworksReport(topology: Pick<Topology, 'services' | 'networks'>): Report {
  const troubled = topology.services.filter(({ level }) => level === 'down' || level === 'degraded');
  return {
    verdict: `Services: ${troubled.length} of ${formatQuantity(topology.services.length, 'service')} in trouble`,
    evidence: [
      {
        headers: ['network', 'service', 'level', 'engine says'],
        rows: toNetworkGroups(topology).flatMap(({ name, services }) =>
          services.map(({ service }) => [name, service.name, service.level, service.statusText]),
        ),
      },
    ],
    command: 'gatehouse ps',
  };
}
