// What Jaeger's query API answers, read without trust: only what has the right shape, and never more than the limits. Pure.
import type { Span, SpanAttribute, SpanKind } from '../../../contract/index.ts';
import { type Raw, readMap, readMaps, readNumber, readText } from '../../stack/spec/rawValues.ts';
import {
  findAttribute,
  findErrorWords,
  type RawEvent,
  type RawSpan,
  type RawTrace,
  spanLimits,
  toName,
  toTraceId,
  toValue,
} from '../rawSpan.ts';

const kinds: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer'];
const notesShown = 5;

/** Traces of `/api/traces` and of `/api/traces/ID`. What is none is left out. */
export function readTraces(data: unknown): RawTrace[] {
  return readMaps(data).flatMap((trace) => {
    const spans = readSpans(trace);
    const [first] = spans;
    return first ? [{ traceId: first.traceId, spans, notes: readNotes(trace) }] : [];
  });
}

/** Names of services or operations. */
export function readNames(data: unknown): string[] {
  return (Array.isArray(data) ? data : [])
    .filter((name) => typeof name === 'string')
    .map((name) => toName(name))
    .filter((name) => name !== '')
    .toSorted();
}

interface Process {
  readonly service: string;
  readonly resource: SpanAttribute[];
}

function readSpans({ spans, processes }: Raw): RawSpan[] {
  const known = new Map(
    Object.entries(readMap(processes)).map(([id, process]): [string, Process] => {
      const { serviceName, tags } = readMap(process);
      return [id, { service: toName(readText(serviceName)) || 'unknown_service', resource: readTags(tags) }];
    }),
  );
  const nobody: Process = { service: 'unknown_service', resource: [] };
  return readMaps(spans).flatMap((span) => {
    const process = known.get(readText(span.processID)) ?? nobody;
    const read = readSpan(span, process);
    return read ? [read] : [];
  });
}

function readSpan(given: Raw, { service, resource }: Process): RawSpan | undefined {
  const traceId = readText(given.traceID);
  const id = readText(given.spanID).toLowerCase();
  const startUs = readNumber(given.startTime);
  if (!/^[0-9a-f]{1,32}$/i.test(traceId) || !/^[0-9a-f]{1,16}$/.test(id) || startUs <= 0) return undefined;
  const own = toTraceId(traceId);
  const tags = readTags(given.tags);
  const events = readMaps(given.logs).slice(0, spanLimits.events).map(readLog);
  const references = readReferences(given, own);
  const status = readStatus(tags);
  return {
    traceId: own,
    id,
    parentId: references.parent,
    service,
    name: toName(readText(given.operationName)) || 'unnamed',
    kind: kinds.find((kind) => kind === findAttribute(tags, 'span.kind')) ?? 'unspecified',
    startUs,
    durationUs: Math.max(0, readNumber(given.duration)),
    status,
    error: status === 'error' ? readErrorWords(tags, events) : null,
    attributes: tags.filter(({ key }) => !ofItsOwn.has(key)),
    resource,
    events,
    links: references.links,
  };
}

/** Tags in which Jaeger tells what has a place of its own here. */
const ofItsOwn = new Set(['span.kind', 'otel.status_code', 'otel.status_description', 'error', 'internal.span.format']);

function readStatus(tags: readonly SpanAttribute[]): Span['status'] {
  const code = findAttribute(tags, 'otel.status_code');
  const error = findAttribute(tags, 'error');
  if (code === 'ERROR' || error === true || error === 'true') return 'error';
  return code === 'OK' ? 'ok' : 'unset';
}

function readErrorWords(tags: readonly SpanAttribute[], events: readonly RawEvent[]): string | null {
  const said = findAttribute(tags, 'otel.status_description');
  return said === null ? findErrorWords(tags, events) : toName(String(said));
}

/** The first reference within the trace is the parent; one to another trace, and each further one, is a link. */
function readReferences(span: Raw, traceId: string): { parent: string | null; links: RawSpan['links'] } {
  let parent: string | null = null;
  const links: RawSpan['links'] = [];
  for (const { refType, traceID, spanID } of readMaps(span.references).slice(0, spanLimits.links)) {
    const of = toTraceId(readText(traceID));
    const id = readText(spanID).toLowerCase();
    if (!/^[0-9a-f]{1,16}$/.test(id)) continue;
    if (parent === null && of === traceId && refType === 'CHILD_OF') parent = id;
    else links.push({ traceId: of, spanId: id, attributes: [] });
  }
  // Before references there was this field alone.
  const old = readText(span.parentSpanID).toLowerCase();
  return { parent: parent ?? (/^0*$/.test(old) || !/^[0-9a-f]{1,16}$/.test(old) ? null : old), links };
}

function readLog({ timestamp, fields }: Raw): RawEvent {
  const attributes = readTags(fields);
  const name = findAttribute(attributes, 'event', 'message') ?? 'event';
  return {
    atUs: readNumber(timestamp),
    name: toName(String(name)),
    attributes: attributes.filter(({ key }) => key !== 'event'),
  };
}

function readTags(tags: unknown): SpanAttribute[] {
  return readMaps(tags)
    .slice(0, spanLimits.attributes)
    .map(({ key, value }) => ({ key: toName(readText(key)), value: readTagValue(value) }));
}

function readTagValue(value: unknown): SpanAttribute['value'] {
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  return toValue(typeof value === 'string' ? value : JSON.stringify(value ?? null));
}

/** Of the trace and of its spans: clocks that it has corrected, spans that it could not place. */
function readNotes({ warnings, spans }: Raw): string[] {
  const said = [warnings, ...readMaps(spans).map((span) => span.warnings)]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter((text) => typeof text === 'string');
  const distinct = [...new Set(said)];
  const shown = distinct.slice(0, notesShown).map((text) => `Jaeger says: ${toName(text)}`);
  const more = distinct.length - shown.length;
  return more > 0 ? [...shown, `Jaeger says ${more} more things of its spans.`] : shown;
}
