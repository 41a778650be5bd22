// From the facts of a finished exchange to its spans, by OpenTelemetry's semantic conventions for HTTP.

import { type Attributes, type HrTime, type SpanContext, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions';
import { remember } from '../memo/remember.ts';
import { toFailureCode } from '../transport/upstreamError.ts';
import { toKnownMethod } from './methods.ts';
import type { SpanFacts, TryFacts } from './spanFacts.ts';

/** Longer values are cut: a path of 16 KiB in every span would be the collector's trouble. */
const VALUE_LIMIT = 2_048;

export interface SpanOrigin {
  readonly resource: Resource;
  readonly instrumentationScope: ReadableSpan['instrumentationScope'];
}

/** The server's span, then one for each try, in order. */
export function toSpans(facts: SpanFacts, origin: SpanOrigin): ReadableSpan[] {
  return [toServerSpan(facts, origin), ...facts.tries.map((_, index) => toClientSpan(facts, index, origin))];
}

function toServerSpan(facts: SpanFacts, origin: SpanOrigin): ReadableSpan {
  const { trace, route, status, code } = facts;
  // A 4xx is the caller's mistake, not a failure of this server; an answer that was cut is one, whatever its status.
  const hasFailed = (status !== null && status >= 500) || (code !== null && status !== null && status < 400);
  const { address, port } = splitAuthority(facts.host);
  const attributes: Attributes = {
    ...toMethodAttributes(facts.method),
    [ATTR_URL_SCHEME]: facts.scheme,
    [ATTR_URL_PATH]: cut(facts.path),
    [ATTR_CLIENT_ADDRESS]: facts.client,
    [ATTR_NETWORK_PEER_ADDRESS]: facts.peer,
    [ATTR_NETWORK_PROTOCOL_VERSION]: facts.httpVersion,
    'gatehouse.request.id': facts.requestId,
  };
  if (facts.query.length > 1) attributes[ATTR_URL_QUERY] = cut(facts.query.slice(1));
  if (address !== '') attributes[ATTR_SERVER_ADDRESS] = address;
  if (port !== undefined) attributes[ATTR_SERVER_PORT] = port;
  if (facts.userAgent !== null) attributes[ATTR_USER_AGENT_ORIGINAL] = cut(facts.userAgent);
  if (route) Object.assign(attributes, { [ATTR_HTTP_ROUTE]: route.pattern, 'gatehouse.route.id': route.id });
  if (status !== null) attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
  if (code !== null) attributes['gatehouse.problem.code'] = code;
  if (facts.aborted) attributes['gatehouse.aborted'] = true;
  if (hasFailed) attributes[ATTR_ERROR_TYPE] = code ?? String(status);
  const name = toKnownMethod(facts.method) ?? 'HTTP';
  return createSpan(facts, origin, {
    name: route ? `${name} ${route.pattern}` : name,
    kind: SpanKind.SERVER,
    spanId: trace.spanId,
    parent:
      trace.parentId === null
        ? undefined
        : { traceId: trace.traceId, spanId: trace.parentId, traceFlags: trace.flags, isRemote: true },
    startMs: 0,
    endMs: facts.durationMs,
    hasFailed,
    attributes,
    links: trace.left
      ? [
          {
            context: {
              traceId: trace.left.traceId,
              spanId: trace.left.spanId,
              traceFlags: trace.left.flags,
              isRemote: true,
            },
          },
        ]
      : [],
  });
}

function toClientSpan(facts: SpanFacts, index: number, origin: SpanOrigin): ReadableSpan {
  const { trace, upstream } = facts;
  const attempt = facts.tries[index] as TryFacts;
  const { status, failure } = attempt;
  const hasFailed = failure !== null || (status !== null && status >= 400);
  const server = splitAuthority(upstream?.authority ?? '');
  const dialled = splitAuthority(attempt.address);
  const attributes: Attributes = {
    ...toMethodAttributes(facts.method),
    [ATTR_SERVER_ADDRESS]: server.address,
    [ATTR_NETWORK_PEER_ADDRESS]: dialled.address,
    [ATTR_NETWORK_PROTOCOL_VERSION]: '1.1',
    'gatehouse.upstream.name': upstream?.name ?? '',
  };
  if (upstream)
    attributes[ATTR_URL_FULL] = cut(`${upstream.scheme}://${upstream.authority}${facts.forwardedTarget ?? '/'}`);
  if (server.port !== undefined) attributes[ATTR_SERVER_PORT] = server.port;
  if (dialled.port !== undefined) attributes[ATTR_NETWORK_PEER_PORT] = dialled.port;
  if (status !== null) attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
  if (index > 0) attributes[ATTR_HTTP_REQUEST_RESEND_COUNT] = index;
  if (hasFailed) attributes[ATTR_ERROR_TYPE] = failure === null ? String(status) : toFailureCode(failure);
  return createSpan(facts, origin, {
    name: toKnownMethod(facts.method) ?? 'HTTP',
    kind: SpanKind.CLIENT,
    spanId: attempt.spanId,
    parent: { traceId: trace.traceId, spanId: trace.spanId, traceFlags: trace.flags },
    startMs: attempt.startMs,
    endMs: Math.max(attempt.startMs, attempt.endMs),
    hasFailed,
    attributes,
    links: [],
  });
}

interface SpanParts {
  readonly name: string;
  readonly kind: SpanKind;
  readonly spanId: string;
  readonly parent: SpanContext | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly hasFailed: boolean;
  readonly attributes: Attributes;
  readonly links: ReadableSpan['links'];
}

function createSpan(facts: SpanFacts, origin: SpanOrigin, parts: SpanParts): ReadableSpan {
  return new FinishedSpan(facts, origin, parts);
}

const NO_EVENTS: ReadableSpan['events'] = [];

/** A class, since literals with a spread inside are made one member at a time: four hundredths of a sampled request. */
class FinishedSpan implements ReadableSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly status: ReadableSpan['status'];
  readonly attributes: Attributes;
  readonly links: ReadableSpan['links'];
  readonly events = NO_EVENTS;
  readonly ended = true;
  readonly droppedAttributesCount = 0;
  readonly droppedEventsCount = 0;
  readonly droppedLinksCount = 0;
  readonly resource: Resource;
  readonly instrumentationScope: ReadableSpan['instrumentationScope'];
  private readonly context: SpanContext;

  constructor({ trace, at }: SpanFacts, origin: SpanOrigin, parts: SpanParts) {
    const { name, kind, spanId, parent, startMs, endMs, hasFailed, attributes, links } = parts;
    this.name = name;
    this.kind = kind;
    if (parent) this.parentSpanContext = parent;
    this.startTime = toHrTime(at + startMs);
    this.endTime = toHrTime(at + endMs);
    this.duration = toHrTime(endMs - startMs);
    this.status = { code: hasFailed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET };
    this.attributes = attributes;
    this.links = links;
    this.resource = origin.resource;
    this.instrumentationScope = origin.instrumentationScope;
    this.context = { traceId: trace.traceId, spanId, traceFlags: trace.flags };
  }

  spanContext(): SpanContext {
    return this.context;
  }
}

function toMethodAttributes(method: string): Attributes {
  const known = toKnownMethod(method);
  return known === undefined
    ? { [ATTR_HTTP_REQUEST_METHOD]: '_OTHER', [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: cut(method) }
    : { [ATTR_HTTP_REQUEST_METHOD]: known };
}

interface Address {
  readonly address: string;
  readonly port: number | undefined;
}

/** `[::1]:80` → `::1` and 80. Upstreams and hosts have few. */
const splitAuthority = remember((authority): Address => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  return { address: bracketed ?? plain ?? authority, port: port === undefined ? undefined : Number(port) };
});

function toHrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1_000_000)];
}

function cut(text: string): string {
  return text.length > VALUE_LIMIT ? text.slice(0, VALUE_LIMIT) : text;
}
