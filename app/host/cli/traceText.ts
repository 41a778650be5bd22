// Traces as text: a list of what was found, and a waterfall that shows the critical path without colours. Pure.
import type { Trace, TraceSearch, TraceSummary } from '../../contract/index.ts';
import { type Cell, coloured, formatTable, shorten, toPlainText } from './terminal.ts';

const BAR_WIDTH = 40;
const NAME_WIDTH = 52;
/** A waterfall of more rows is read as JSON. */
const ROWS = 200;

export function formatSearch({ traces, notes }: TraceSearch): string {
  if (traces.length === 0) return coloured('dim', 'no trace fits in this time');
  const rows = traces.map((trace): (string | Cell)[] => [
    formatAt(trace.at),
    trace.traceId,
    formatMs(trace.durationMs).padStart(9),
    String(trace.spanCount).padStart(5),
    toErrorCell(trace),
    trace.route ?? '-',
    `${trace.root.service} ${trace.root.name}${trace.isPartial ? ' (not whole)' : ''}`,
  ]);
  const header = ['BEGAN (UTC)', 'TRACE', 'MS'.padStart(9), 'SPANS', 'ERRORS', 'ROUTE', 'ROOT'];
  return [formatTable(header, rows), ...notes.map((note) => coloured('dim', toPlainText(note)))].join('\n');
}

function toErrorCell({ errorCount }: TraceSummary): Cell {
  return errorCount > 0 ? { text: `■ ${errorCount}`.padStart(6), style: 'red' } : { text: '-'.padStart(6) };
}

export function formatTrace(trace: Trace): string {
  const { summary, spans, spanCount, notes, services, source } = trace;
  const head = [
    `trace ${trace.traceId}`,
    `${summary.root.service} ${summary.root.name}`,
    `${formatMs(summary.durationMs)} ms`,
    `${spanCount} spans of ${summary.serviceCount} services`,
    `${summary.errorCount} failed`,
    `began ${formatAt(summary.at)} UTC`,
    `from ${source}`,
  ];
  const shown = spans.slice(0, ROWS);
  const rows = shown.map((span, place): (string | Cell)[] => [
    shorten(`${'  '.repeat(Math.min(span.depth, 12))}${span.service} ${span.name}`, NAME_WIDTH),
    formatMs(span.durationMs).padStart(9),
    formatMs(span.selfMs).padStart(9),
    toBar(trace, place),
    span.status === 'error' ? { text: `■ ${span.error ?? 'failed'}`, style: 'red' } : { text: '' },
  ]);
  const header = ['SPAN', 'MS'.padStart(9), 'SELF'.padStart(9), 'WHEN'.padEnd(BAR_WIDTH), ''];
  const cut = spanCount > shown.length ? [`${shown.length} of ${spanCount} spans are shown; --json has more`] : [];
  const critical = services
    .filter(({ criticalMs }) => criticalMs > 0)
    .map(({ service, criticalMs }) => `${service} ${formatMs(criticalMs)} ms`);
  const remarks = [`█ critical path: ${critical.join(', ') || 'none'}`, ...notes, ...cut].map((line) =>
    coloured('dim', toPlainText(line)),
  );
  return [toPlainText(head.join(' · ')), formatTable(header, rows), ...remarks].join('\n');
}

/** `░` where it ran, `█` where its end was waited for. */
export function toBar({ spans, critical, summary }: Trace, place: number): string {
  const span = spans[place];
  if (!span) return '';
  const total = Math.max(summary.durationMs, 0.001);
  const toColumn = (ms: number) => Math.min(BAR_WIDTH - 1, Math.max(0, Math.floor((ms / total) * BAR_WIDTH)));
  const cells: string[] = new Array(BAR_WIDTH).fill(' ');
  const paint = (fromMs: number, toMs: number, mark: string) => {
    const first = toColumn(fromMs);
    // A stretch that ends where a column begins is not in it.
    const last = Math.max(first, Math.ceil((toMs / total) * BAR_WIDTH) - 1);
    for (let column = first; column <= Math.min(BAR_WIDTH - 1, last); column += 1) cells[column] = mark;
  };
  paint(span.startMs, span.startMs + span.durationMs, '░');
  for (const stretch of critical) if (stretch.span === place) paint(stretch.fromMs, stretch.toMs, '█');
  return cells.join('');
}

function formatMs(ms: number): string {
  return ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : String(Math.round(ms));
}

function formatAt(at: number): string {
  return new Date(at).toISOString().slice(0, 23).replace('T', ' ');
}
