// A span as the readers of all sources make it: cleaned, bounded, its times as they were said.
import type { Span, SpanAttribute, SpanKind, SpanRest } from '../../contract/index.ts';
import { cleanText } from '../docker/logStream.ts';

export interface RawSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | null;
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Epoch microseconds with a fraction: what a double holds of nanoseconds. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly status: Span['status'];
  readonly error: string | null;
  readonly attributes: readonly SpanAttribute[];
  /** Shared by the spans of a process. */
  readonly resource: readonly SpanAttribute[];
  readonly events: readonly RawEvent[];
  readonly links: SpanRest['links'];
}

export interface RawEvent {
  readonly atUs: number;
  readonly name: string;
  readonly attributes: SpanAttribute[];
}

export interface RawTrace {
  readonly traceId: string;
  readonly spans: readonly RawSpan[];
  /** What the source says of it, in sentences. */
  readonly notes: readonly string[];
}

/** What a span may hold; more is cut off. */
export const spanLimits = { attributes: 128, events: 64, links: 64, valueLength: 4096, nameLength: 256 };

/** A name on one line. */
export function toName(text: string, limit = spanLimits.nameLength): string {
  return cleanText(text.replaceAll('\n', ' ')).slice(0, limit);
}

/** A value keeps its lines: stack traces are values. */
export function toValue(text: string): string {
  const cut = text.slice(0, spanLimits.valueLength);
  return cut.includes('\n') ? cut.split('\n').map(cleanText).join('\n') : cleanText(cut);
}

/** Lower case; ids of half the length are older ones, which stand for the whole with zeros before it. */
export function toTraceId(text: string): string {
  return text.toLowerCase().padStart(32, '0');
}

export function findAttribute(attributes: readonly SpanAttribute[], ...keys: string[]): SpanAttribute['value'] | null {
  for (const key of keys) {
    const found = attributes.find((attribute) => attribute.key === key);
    if (found) return found.value;
  }
  return null;
}

/** The words in which a failed span says why; null where it says nothing. */
export function findErrorWords(attributes: readonly SpanAttribute[], events: readonly RawEvent[]): string | null {
  const exception = events.find(({ name }) => name === 'exception');
  const said =
    findAttribute(exception?.attributes ?? [], 'exception.message', 'exception.type') ??
    findAttribute(attributes, 'error.message', 'gatehouse.problem.code', 'error.type', 'http.response.status_code');
  return said === null ? null : toName(String(said));
}
