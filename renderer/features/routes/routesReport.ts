import type { Explanation, RouteTable } from '../../../app/contract/index.ts';
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

/** Where a request would go, said without sending it. */
export function toExplainReport(explanation: Explanation, command: string): Report {
  const { method, url, answer, route, upstream, rewrittenPath, tried, stages } = explanation;
  const outcome = answer
    ? `the caller would get ${answer.status} ${answer.code}: ${answer.detail}`
    : `goes to ${upstream} as ${rewrittenPath}${route ? ` by route ${route}` : ''}`;
  return {
    verdict: `${method} ${url} ${outcome}`,
    evidence: [
      {
        headers: ['route', 'result', 'why'],
        rows: tried
          .filter(({ result }) => result !== 'notTried')
          .map(({ route: name, result, reason }) => [name, result === 'matched' ? 'matches' : 'no', reason]),
      },
      {
        headers: ['stage', 'outcome', 'says'],
        rows: stages.map(({ stage, outcome: what, sentence }) => [stage, what, sentence]),
      },
    ],
    command,
  };
}
