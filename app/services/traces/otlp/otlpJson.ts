// OTLP's ExportTraceServiceRequest in JSON, read without trust: only spans that have the right shape, and never more than
// the limits. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. Pure.
import type { SpanAttribute, SpanKind } from '../../../contract/index.ts';
import { type Raw, readMap, readMaps, readNumber, readText } from '../../stack/spec/rawValues.ts';
import { findAttribute, findErrorWords, type RawEvent, type RawSpan, spanLimits, toName, toValue } from '../rawSpan.ts';

export interface OtlpSpans {
  readonly spans: RawSpan[];
  /** Spans without an id or a time that can be read. */
  readonly unreadable: number;
}

const NO_PARENT = /^0*$/;
const kinds: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUS_OK = 1;
const STATUS_ERROR = 2;
/** Beyond the year 2200 it is no time but a mistake. */
const latestUs = 7_258_118_400_000_000;

/** undefined where it is no such request at all. */
export function readOtlpJson(body: unknown): OtlpSpans | undefined {
  const { resourceSpans } = readMap(body);
  if (!Array.isArray(resourceSpans)) return undefined;
  const spans: RawSpan[] = [];
  let unreadable = 0;
  for (const one of readMaps(resourceSpans)) {
    const resource = readAttributes(readMap(one.resource).attributes);
    const service = toName(String(findAttribute(resource, 'service.name') ?? '')) || 'unknown_service';
    for (const scope of readMaps(one.scopeSpans)) {
      for (const given of readMaps(scope.spans)) {
        const span = readSpan(given, service, resource);
        if (span) spans.push(span);
        else unreadable += 1;
      }
    }
  }
  return { spans, unreadable };
}

function readSpan(given: Raw, service: string, resource: readonly SpanAttribute[]): RawSpan | undefined {
  const traceId = readId(given.traceId, 32);
  const id = readId(given.spanId, 16);
  const startUs = readMicroseconds(given.startTimeUnixNano);
  const endUs = readMicroseconds(given.endTimeUnixNano);
  if (traceId === null || id === null || startUs === null || endUs === null) return undefined;
  const attributes = readAttributes(given.attributes);
  const events = readMaps(given.events).slice(0, spanLimits.events).map(readEvent);
  const { code, message } = readMap(given.status);
  // Of the enumeration's numbers and names, senders use both.
  const hasFailed = code === STATUS_ERROR || code === 'STATUS_CODE_ERROR';
  const isOk = code === STATUS_OK || code === 'STATUS_CODE_OK';
  return {
    traceId,
    id,
    parentId: readId(given.parentSpanId, 16),
    service,
    name: toName(readText(given.name)) || 'unnamed',
    kind: readKind(given.kind),
    startUs,
    durationUs: Math.max(0, endUs - startUs),
    status: hasFailed ? 'error' : isOk ? 'ok' : 'unset',
    error: hasFailed ? toName(readText(message)) || findErrorWords(attributes, events) : null,
    attributes,
    resource,
    events,
    links: readMaps(given.links).slice(0, spanLimits.links).flatMap(readLink),
  };
}

function readKind(kind: unknown): SpanKind {
  if (typeof kind === 'string') {
    const name = kind.replace(/^SPAN_KIND_/, '').toLowerCase();
    return kinds.find((one) => one === name) ?? 'unspecified';
  }
  return kinds[readNumber(kind)] ?? 'unspecified';
}

/** null for none, and for one of zeros, which stands for none. */
function readId(value: unknown, length: number): string | null {
  const text = readText(value).toLowerCase();
  return text.length === length && /^[0-9a-f]+$/.test(text) && !NO_PARENT.test(text) ? text : null;
}

/** 64 bits are a decimal text in JSON; some write a number all the same. */
function readMicroseconds(value: unknown): number | null {
  const text = readText(value);
  if (!/^\d{1,20}$/.test(text)) return null;
  const whole = Number(text.slice(0, -3) || '0');
  const us = whole + Number(text.slice(-3)) / 1000;
  return us > 0 && us < latestUs ? us : null;
}

function readEvent({ timeUnixNano, name, attributes }: Raw): RawEvent {
  return {
    atUs: readMicroseconds(timeUnixNano) ?? 0,
    name: toName(readText(name)),
    attributes: readAttributes(attributes),
  };
}

function readLink({ traceId, spanId, attributes }: Raw) {
  const trace = readId(traceId, 32);
  const span = readId(spanId, 16);
  return trace === null || span === null
    ? []
    : [{ traceId: trace, spanId: span, attributes: readAttributes(attributes) }];
}

function readAttributes(given: unknown): SpanAttribute[] {
  return readMaps(given)
    .slice(0, spanLimits.attributes)
    .map(({ key, value }) => ({ key: toName(readText(key)), value: readValue(readMap(value)) }));
}

/** Lists and maps become the JSON of what they hold. */
function readValue(value: Raw): SpanAttribute['value'] {
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (value.intValue !== undefined) {
    const text = readText(value.intValue);
    return Number.isSafeInteger(Number(text)) ? Number(text) : toValue(text);
  }
  if (typeof value.doubleValue === 'number') return value.doubleValue;
  if (value.arrayValue !== undefined || value.kvlistValue !== undefined)
    return toValue(JSON.stringify(toPlain(value, 0)));
  return toValue(readText(value.stringValue ?? value.bytesValue));
}

const deepestValue = 6;

function toPlain(value: Raw, depth: number): unknown {
  if (depth > deepestValue) return '…';
  if (value.arrayValue !== undefined)
    return readMaps(readMap(value.arrayValue).values).map((one) => toPlain(one, depth + 1));
  if (value.kvlistValue !== undefined) {
    const pairs = readMaps(readMap(value.kvlistValue).values);
    return Object.fromEntries(pairs.map((pair) => [readText(pair.key), toPlain(readMap(pair.value), depth + 1)]));
  }
  return readValue(value);
}
