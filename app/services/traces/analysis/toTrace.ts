// One trace as it is shown: its spans as a tree, where the time went, what is missing. Pure.
import type { Span, SpanRest, Trace } from '../../../contract/index.ts';
import type { RawSpan, RawTrace } from '../rawSpan.ts';
import { type CriticalStretch, findCriticalPath } from './criticalPath.ts';
import { sumOf, toUncovered } from './intervals.ts';
import { type SpanTree, type TreeSpan, toSpanTree } from './spanTree.ts';
import { findMainRoot, toSummary } from './summarise.ts';

const gapsShown = 20;
/** About what a window takes in one message without a pause; of more, attributes are asked for span by span. */
const restCharacters = 1_500_000;

export function toTrace(trace: RawTrace, source: Trace['source'], limits = { restCharacters }): Trace {
  const tree = toSpanTree(trace.spans);
  const { spans } = tree;
  const zeroUs = spans.reduce((least, { startUs }) => Math.min(least, startUs), Number.POSITIVE_INFINITY);
  const endUs = spans.reduce((most, span) => Math.max(most, span.endUs), 0);
  const critical = findCriticalPath(tree, findRoot(tree));
  const shares = toShares(critical);
  const withRest = hasRoom(trace.spans, limits.restCharacters);
  const toMs = (us: number) => Math.round(us - zeroUs) / 1000;
  const shown = spans.map((span, place): Span => {
    const { raw } = span;
    return {
      id: raw.id,
      parentId: raw.parentId,
      service: raw.service,
      name: raw.name,
      kind: raw.kind,
      startMs: toMs(span.startUs),
      durationMs: toDuration(raw.durationUs),
      status: raw.status,
      error: raw.error,
      depth: span.depth,
      childCount: span.children.length,
      eventCount: raw.events.length,
      selfMs: toDuration(findSelfTime(tree, span)),
      criticalMs: toDuration(shares.get(place) ?? 0),
      isOrphan: span.isOrphan,
      skewMs: toDuration(span.skewUs),
      rest: withRest ? toRest(raw, zeroUs - span.skewUs) : null,
    };
  });
  return {
    traceId: trace.traceId,
    source,
    summary: {
      ...toSummary(trace),
      at: Math.round(zeroUs) / 1000,
      durationMs: toDuration(endUs - zeroUs),
    },
    spans: shown,
    spanCount: spans.length + tree.omitted,
    critical: critical.map(({ span, fromUs, toUs }) => ({ span, fromMs: toMs(fromUs), toMs: toMs(toUs) })),
    services: toServices(shown),
    gaps: findGaps(spans, { from: zeroUs, to: endUs }).map(({ from, to }) => ({ fromMs: toMs(from), toMs: toMs(to) })),
    notes: [...trace.notes, ...toNotes(tree)],
  };
}

/** Events are told by the corrected clock of their span. */
export function toRest({ attributes, resource, events, links }: RawSpan, zeroUs: number): SpanRest {
  return {
    attributes: [...attributes],
    resource: [...resource],
    events: events.map(({ atUs, name, attributes: own }) => ({
      startMs: Math.round(atUs - zeroUs) / 1000,
      name,
      attributes: own,
    })),
    links,
  };
}

/** Attributes, events and links of one span; undefined where the trace has no such span. */
export function findRest(trace: RawTrace, spanId: string): SpanRest | undefined {
  const { spans } = toSpanTree(trace.spans);
  const zeroUs = spans.reduce((least, { startUs }) => Math.min(least, startUs), Number.POSITIVE_INFINITY);
  const found = spans.find(({ raw }) => raw.id === spanId);
  return found && toRest(found.raw, zeroUs - found.skewUs);
}

function toDuration(us: number): number {
  return Math.round(us) / 1000;
}

/** The path is that of one root: of a whole one before one whose parent is missing, and of the longest. */
function findRoot({ spans, roots }: SpanTree): number {
  const tops = roots.flatMap((place) => {
    const raw = spans[place]?.raw;
    return raw ? [{ place, parentId: raw.parentId, durationUs: raw.durationUs }] : [];
  });
  return findMainRoot(tops)?.place ?? -1;
}

function toShares(critical: readonly CriticalStretch[]): Map<number, number> {
  const shares = new Map<number, number>();
  for (const { span, fromUs, toUs } of critical) shares.set(span, (shares.get(span) ?? 0) + toUs - fromUs);
  return shares;
}

function findSelfTime({ spans }: SpanTree, { startUs, endUs, children }: TreeSpan): number {
  const others = children.flatMap((place) => {
    const child = spans[place];
    return child ? [{ from: child.startUs, to: child.endUs }] : [];
  });
  return sumOf(toUncovered({ from: startUs, to: endUs }, others));
}

function findGaps(spans: readonly TreeSpan[], whole: { from: number; to: number }) {
  const covered = spans.map(({ startUs, endUs }) => ({ from: startUs, to: endUs }));
  return toUncovered(whole, covered)
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, gapsShown);
}

function toServices(spans: readonly Span[]): Trace['services'] {
  return [...Map.groupBy(spans, ({ service }) => service)]
    .map(([service, own]) => ({
      service,
      spans: own.length,
      errors: own.filter(({ status }) => status === 'error').length,
      selfMs: sum(own.map(({ selfMs }) => selfMs)),
      criticalMs: sum(own.map(({ criticalMs }) => criticalMs)),
    }))
    .toSorted((a, b) => b.criticalMs - a.criticalMs || b.selfMs - a.selfMs);
}

function sum(values: readonly number[]): number {
  return Math.round(values.reduce((total, value) => total + value, 0) * 1000) / 1000;
}

function hasRoom(spans: readonly RawSpan[], limit: number): boolean {
  let left = limit;
  for (const { attributes, resource, events } of spans) {
    for (const list of [attributes, resource, ...events.map((event) => event.attributes)]) {
      for (const { key, value } of list) left -= key.length + String(value).length + 24;
    }
    if (left < 0) return false;
  }
  return true;
}

function toNotes({ spans, roots, omitted, doubled, cycles, skews }: SpanTree): string[] {
  const orphans = roots.filter((place) => spans[place]?.isOrphan).length;
  const count = (number: number, one: string, several: string) => `${number} ${number === 1 ? one : several}`;
  return [
    omitted > 0 && `The ${spans.length} spans that began first are shown; ${omitted} more are not.`,
    orphans - cycles > 0 &&
      `${count(orphans - cycles, 'span names a parent that has', 'spans name a parent that has')} not come: what is above is unknown.`,
    cycles > 0 && `${count(cycles, 'span is', 'spans are')} their own ancestors; they are shown as roots.`,
    roots.length > 1 && `It has ${roots.length} roots; the critical path is that of the first one that is whole.`,
    doubled > 0 && `${count(doubled, 'span', 'spans')} came more than once and count once.`,
    ...[...skews].map(
      ([service, us]) =>
        `The clock of ${service} differs from that of its callers by about ${formatSkew(us)}; its spans are moved.`,
    ),
  ].filter((note) => typeof note === 'string');
}

function formatSkew(us: number): string {
  return us < 1_000_000 ? `${Math.round(us / 1000)} ms` : `${(us / 1_000_000).toFixed(1)} s`;
}
