import { formatMoment, formatQuantity } from '../../components/format.ts';
import type { Report } from '../../components/report.ts';
import type { TimelineRow } from './timelineLog.ts';

/** The rows as they are filtered, newest first; time that nobody watched is said. */
export function toTimelineReport(rows: readonly TimelineRow[]): Report {
  const [first] = rows.flatMap((row) => (row.kind === 'entry' ? [row.entry] : []));
  return {
    verdict: first
      ? `${formatQuantity(rows.length, 'entry', 'entries')}, the last: ${first.subject} ${first.text}`
      : 'Nothing happened that is kept',
    evidence: [
      {
        headers: ['at', 'kind', 'what', 'who'],
        rows: rows.map((row) =>
          row.kind === 'entry'
            ? [
                formatMoment(row.entry.at),
                row.entry.kind,
                `${row.entry.subject} ${row.entry.text}`,
                row.entry.operator?.who ?? '',
              ]
            : [formatMoment(row.span.until), '–', `nobody watched since ${formatMoment(row.span.from)}`, ''],
        ),
      },
    ],
    command: 'gatehouse status',
  };
}
