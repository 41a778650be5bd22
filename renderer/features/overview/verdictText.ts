// The verdict as others may read it, and as words with a link in them. Pure.
import { type Environment, sayEvidence } from '../../../app/contract/index.ts';
import { formatPercent, formatRate } from '../../components/format.ts';
import { type Report, toReportMarkdown } from '../../components/report.ts';
import type { RouteRow } from './routeRows.ts';

/** For a ticket or a chat: the verdict, and the routes that are not well. */
export function toMarkdown(
  { id, verdict }: Pick<Environment, 'id' | 'verdict'>,
  rows: readonly RouteRow[],
  at: number,
): string {
  const troubled = rows.filter((row) => row.level === 'down' || row.level === 'degraded');
  const report: Report = {
    verdict: verdict.impact,
    evidence: [
      ...(verdict.firstCause ? [verdict.firstCause.text] : []),
      ...sayEvidence(verdict.evidence),
      {
        headers: ['route', 'upstream', 'req/s', 'errors %', 'breaker'],
        figures: [2, 3],
        rows: troubled.map(({ id: route, route: { paths, upstream }, figures, breaker }) => [
          paths[0] ?? route,
          upstream ?? '–',
          formatRate(figures?.requestsPerSecond),
          formatPercent(figures?.errorShare),
          breaker?.state ?? '–',
        ]),
      },
    ],
    command: 'gatehouse status',
  };
  return toReportMarkdown(report, { environment: id, at });
}

/** The text around the first mention of a name as a whole word; null when it is not mentioned. */
export function splitAtMention(text: string, name: string): [before: string, after: string] | null {
  let from = 0;
  while (name !== '') {
    const index = text.indexOf(name, from);
    if (index < 0) break;
    const before = text[index - 1] ?? ' ';
    const after = text[index + name.length] ?? ' ';
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return [text.slice(0, index), text.slice(index + name.length)];
    from = index + 1;
  }
  return null;
}
