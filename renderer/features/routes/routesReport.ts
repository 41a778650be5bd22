import type { RouteTable } from '../../../app/contract/index.ts';
import { formatPercent, formatRate } from '../../components/format.ts';
import type { Report } from '../../components/report.ts';
import type { RouteRow } from './routeRows.ts';

/** The table in the order in which routes are tried. */
export function toRouteTableReport(
  rows: readonly RouteRow[],
  { revision, listener, stages }: Pick<RouteTable, 'revision' | 'listener' | 'stages'>,
): Report {
  return {
    verdict: `${rows.length} routes, configuration ${revision}`,
    evidence: [
      `Listens on ${listener}; stages: ${stages.join(' → ')}. Traffic of the last 60 s, by the gateway`,
      {
        headers: ['#', 'route', 'sentence', 'req/s', 'errors of callers %'],
        figures: [0, 3, 4],
        rows: rows.map(({ route, figures }) => [
          String(route.order),
          route.id,
          route.sentence,
          formatRate(figures?.requestsPerSecond),
          formatPercent(figures?.errorShare),
        ]),
      },
    ],
    command: 'gatehouse routes',
  };
}
