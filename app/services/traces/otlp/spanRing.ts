// The traces that the host keeps itself: whole traces in memory, bounded in bytes and spans; the oldest one goes first.
import type { TraceSummary } from '../../../contract/index.ts';
import { spanLimit } from '../../../contract/index.ts';
import { toSummary } from '../analysis/summarise.ts';
import type { RawSpan, RawTrace } from '../rawSpan.ts';

export interface KeptTrace {
  readonly trace: RawTrace;
  readonly summary: TraceSummary;
}

export interface SpanRing {
  /** How many there was no room for: of a trace that has as many as it may, or that alone fills the ring. */
  add(spans: readonly RawSpan[]): number;
  find(traceId: string): RawTrace | undefined;
  /** Those that began in the stretch of time (epoch ms), newest first. */
  list(range: { from: number; to: number }): Iterable<KeptTrace>;
  /** By name. */
  services(): string[];
  readonly counts: { traces: number; spans: number; bytes: number; droppedTraces: number };
}

export interface RingLimits {
  bytes: number;
  traces: number;
  spansOfTrace: number;
}

export const ringLimits: RingLimits = { bytes: 32 * 1024 * 1024, traces: 20_000, spansOfTrace: spanLimit };

interface Entry {
  readonly traceId: string;
  /** By their ids: what a sender repeats after a timeout takes no room twice. */
  readonly spans: Map<string, RawSpan>;
  bytes: number;
  startUs: number;
  summary: TraceSummary | undefined;
}

export function createSpanRing(limits: RingLimits = ringLimits): SpanRing {
  const { traces, counts, add } = createStore(limits);
  return {
    counts,
    add: (spans) => spans.filter((span) => !add(span)).length,
    find(traceId) {
      const entry = traces.get(traceId);
      return entry && entry.spans.size > 0 ? toRawTrace(entry) : undefined;
    },
    *list({ from, to }) {
      const within = [...traces.values()].filter(({ startUs }) => startUs >= from * 1000 && startUs <= to * 1000);
      for (const entry of within.toSorted((a, b) => b.startUs - a.startUs)) {
        const trace = toRawTrace(entry);
        entry.summary ??= toSummary(trace);
        yield { trace, summary: entry.summary };
      }
    },
    services() {
      const names = new Set<string>();
      for (const { spans } of traces.values()) for (const { service } of spans.values()) names.add(service);
      return [...names].toSorted();
    },
  };
}

function createStore(limits: RingLimits) {
  /** In the order in which they came. */
  const traces = new Map<string, Entry>();
  const counts = { traces: 0, spans: 0, bytes: 0, droppedTraces: 0 };

  const drop = (entry: Entry) => {
    traces.delete(entry.traceId);
    counts.traces -= 1;
    counts.spans -= entry.spans.size;
    counts.bytes -= entry.bytes;
    counts.droppedTraces += 1;
  };
  const makeRoom = (wanted: number, except: Entry): boolean => {
    for (const oldest of traces.values()) {
      if (counts.bytes + wanted <= limits.bytes && counts.traces <= limits.traces) return true;
      if (oldest !== except) drop(oldest);
    }
    return counts.bytes + wanted <= limits.bytes;
  };
  const enter = (traceId: string): Entry => {
    const known = traces.get(traceId);
    if (known) return known;
    const entry: Entry = { traceId, spans: new Map(), bytes: 0, startUs: Number.POSITIVE_INFINITY, summary: undefined };
    traces.set(traceId, entry);
    counts.traces += 1;
    return entry;
  };
  const add = (span: RawSpan): boolean => {
    const entry = enter(span.traceId);
    const replaced = entry.spans.get(span.id);
    if (!replaced && entry.spans.size >= limits.spansOfTrace) return false;
    const bytes = sizeOf(span) - (replaced ? sizeOf(replaced) : 0);
    if (!makeRoom(bytes, entry)) {
      if (entry.spans.size === 0 && traces.delete(entry.traceId)) counts.traces -= 1;
      return false;
    }
    entry.spans.set(span.id, span);
    entry.bytes += bytes;
    entry.startUs = Math.min(entry.startUs, span.startUs);
    entry.summary = undefined;
    counts.bytes += bytes;
    if (!replaced) counts.spans += 1;
    return true;
  };
  return { traces, counts, add };
}

function toRawTrace({ traceId, spans }: Entry): RawTrace {
  return { traceId, spans: [...spans.values()], notes: [] };
}

/** About what V8 takes for the objects of a span and of an attribute, beside their texts. */
const spanBytes = 400;
const attributeBytes = 64;

function sizeOf({ name, attributes, events, links }: RawSpan): number {
  let bytes = spanBytes + name.length + links.length * 2 * attributeBytes;
  for (const list of [attributes, ...events.map((event) => event.attributes)]) {
    for (const { key, value } of list)
      bytes += attributeBytes + key.length + (typeof value === 'string' ? value.length : 8);
  }
  return bytes;
}
