// Traces as Markdown, for a ticket. Pure.
import type { Trace, TraceSearch } from '../../../app/contract/index.ts';
import { formatMs, formatQuantity } from '../../components/format.ts';
import { escapeMarkdown } from '../../components/markdown.ts';

const SPANS = 60;
/** Indented with a character that Markdown keeps. */
const INDENT = '\u00a0\u00a0';

export function toMarkdown({ traceId, summary, spans, spanCount, services, notes, source }: Trace): string {
  const { root, durationMs, errorCount, route } = summary;
  const failed = spans.filter(({ status }) => status === 'error');
  return [
    `# ${escapeMarkdown(`${root.service}: ${root.name}`)}, ${formatMs(durationMs)} ms`,
    '',
    `Trace \`${traceId}\`, began ${toUtc(summary.at)}, ${formatQuantity(spanCount, 'span')}, ${formatQuantity(errorCount, 'failure')}${route === null ? '' : `, route ${escapeMarkdown(route)}`}; from ${source}, by Gatehouse.`,
    '',
    `\`gatehouse trace ${traceId}\``,
    '',
    '| service | spans | failed | self, ms | critical path, ms |',
    '|---|---|---|---|---|',
    ...services.map(
      (one) =>
        `| ${escapeMarkdown(one.service)} | ${one.spans} | ${one.errors} | ${formatMs(one.selfMs)} | ${formatMs(one.criticalMs)} |`,
    ),
    ...(failed.length === 0 ? [] : ['', '## Failures', '']),
    ...failed
      .slice(0, SPANS)
      .map(
        ({ service, name, error }) =>
          `- **${escapeMarkdown(service)}** ${escapeMarkdown(name)}: ${escapeMarkdown(error ?? 'says no reason')}`,
      ),
    '',
    '## Spans',
    '',
    '| span | begins, ms | ms | self, ms | critical, ms |',
    '|---|---|---|---|---|',
    ...spans
      .slice(0, SPANS)
      .map(
        (span) =>
          `| ${INDENT.repeat(Math.min(span.depth, 12))}${escapeMarkdown(`${span.service} ${span.name}`)} | ${formatMs(span.startMs)} | ${formatMs(span.durationMs)} | ${formatMs(span.selfMs)} | ${formatMs(span.criticalMs)} |`,
      ),
    ...(spanCount > SPANS ? ['', `${SPANS} of ${formatQuantity(spanCount, 'span')} are listed.`] : []),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${escapeMarkdown(note)}`)]),
    '',
  ].join('\n');
}

export function toListMarkdown({ traces, from, to, notes }: TraceSearch, filter: string): string {
  return [
    `# ${formatQuantity(traces.length, 'trace')}${filter === '' ? '' : ` for \`${filter.replaceAll('`', '')}\``}`,
    '',
    `Begun between ${toUtc(from)} and ${toUtc(to)}, newest first, by Gatehouse.`,
    '',
    '| began | ms | spans | failed | route | root | trace |',
    '|---|---|---|---|---|---|---|',
    ...traces.map(
      (trace) =>
        `| ${toUtc(trace.at)} | ${formatMs(trace.durationMs)} | ${trace.spanCount} | ${trace.errorCount} | ${escapeMarkdown(trace.route ?? '')} | ${escapeMarkdown(`${trace.root.service} ${trace.root.name}`)} | \`${trace.traceId}\` |`,
    ),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${escapeMarkdown(note)}`)]),
    '',
  ].join('\n');
}

function toUtc(at: number): string {
  return new Date(at).toISOString();
}
