// The rows of a waterfall: which spans are in sight where some are folded, and where the keys lead. Pure.
import type { Span, Trace } from '../../../app/contract/index.ts';

export interface WaterfallRow {
  /** Place among the spans of the trace. */
  readonly place: number;
  readonly span: Span;
  /** Spans below it that are folded away. */
  readonly hidden: number;
}

/** Spans come parents first, so that what is below one follows it until the depth is its own again. */
export function toWaterfallRows(spans: readonly Span[], folded: ReadonlySet<string>): WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  for (let place = 0; place < spans.length; place += 1) {
    const span = spans[place];
    if (!span) continue;
    if (!folded.has(span.id) || span.childCount === 0) {
      rows.push({ place, span, hidden: 0 });
      continue;
    }
    let next = place + 1;
    while ((spans[next]?.depth ?? 0) > span.depth) next += 1;
    rows.push({ place, span, hidden: next - place - 1 });
    place = next - 1;
  }
  return rows;
}

/** The row of the parent; -1 for a root. */
export function findParentRow(rows: readonly WaterfallRow[], index: number): number {
  const depth = rows[index]?.span.depth ?? 0;
  if (depth === 0) return -1;
  for (let above = index - 1; above >= 0; above -= 1) if ((rows[above]?.span.depth ?? 0) < depth) return above;
  return -1;
}

/** Ids of the spans that hold a span in sight: its ancestors. */
export function findAncestors(spans: readonly Span[], spanId: string): string[] {
  const place = spans.findIndex(({ id }) => id === spanId);
  const ancestors: string[] = [];
  let depth = spans[place]?.depth ?? 0;
  for (let above = place - 1; above >= 0 && depth > 0; above -= 1) {
    const span = spans[above];
    if (!span || span.depth >= depth) continue;
    ancestors.push(span.id);
    depth = span.depth;
  }
  return ancestors;
}

/** Percent of the whole trace. */
export interface Bar {
  readonly left: number;
  readonly width: number;
}

const NARROWEST = 0.15;

export function toBar(fromMs: number, toMs: number, totalMs: number): Bar {
  const total = Math.max(totalMs, 0.001);
  const width = Math.min(100, Math.max(NARROWEST, ((toMs - fromMs) / total) * 100));
  return { left: Math.min(100 - width, Math.max(0, (fromMs / total) * 100)), width };
}

/** By place of a span its stretches of the critical path. */
export function toCriticalBars({ critical, summary }: Trace): Map<number, Bar[]> {
  const bars = new Map<number, Bar[]>();
  for (const { span, fromMs, toMs } of critical) {
    const own = bars.get(span) ?? [];
    own.push(toBar(fromMs, toMs, summary.durationMs));
    bars.set(span, own);
  }
  return bars;
}

/** Four or five round figures from zero on, within the trace. */
export function toTicks(totalMs: number): number[] {
  if (!(totalMs > 0)) return [0];
  const rough = totalMs / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  return Array.from({ length: Math.floor(totalMs / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(6)),
  );
}

/** The same colour for a service in all of a trace: by its place among them. */
export function toServiceColours({ services, spans }: Pick<Trace, 'services' | 'spans'>): Map<string, string> {
  const inOrder = new Set([...spans.map(({ service }) => service), ...services.map(({ service }) => service)]);
  return new Map([...inOrder].map((service, place) => [service, `var(--series-${(place % 6) + 1})`]));
}
