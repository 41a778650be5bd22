// Finished exchanges as OTLP in JSON, by OpenTelemetry's semantic conventions for HTTP. Written straight into text: through
// the SDK's spans, their attributes and a generic encoder it took a quarter of the time of a traced request.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding and https://opentelemetry.io/docs/specs/semconv/http/
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
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
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
/** `Span.SpanKind` and `Status.StatusCode` of opentelemetry/proto/trace/v1/trace.proto. */
const KIND_SERVER = 2;
const KIND_CLIENT = 3;
const STATUS_ERROR = '"status":{"code":2}';
const STATUS_UNSET = '"status":{"code":0}';
/** `SpanFlags` of the same file: whether the parent is in another process is known, and it is. */
const KNOWS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

export interface SpanOrigin {
  readonly serviceName: string;
  readonly gateway: string;
  readonly version: string;
}

/** An ExportTraceServiceRequest: of each exchange the server's span, then one for each try, in order. */
export function toOtlpJson(exchanges: readonly SpanFacts[], { serviceName, gateway, version }: SpanOrigin): string {
  const resource =
    text(ATTR_SERVICE_NAME, serviceName) +
    text(ATTR_SERVICE_VERSION, version) +
    text('service.instance.id', gateway).slice(0, -1);
  const scope = `{"name":"gatehouse-gateway","version":${quote(version)}}`;
  let spans = '';
  for (const facts of exchanges) {
    spans += toServerSpan(facts);
    for (let index = 0; index < facts.tries.length; index++) spans += toClientSpan(facts, index);
  }
  return (
    `{"resourceSpans":[{"resource":{"attributes":[${resource}]},` +
    `"scopeSpans":[{"scope":${scope},"spans":[${spans.slice(0, -1)}]}]}]}`
  );
}

function toServerSpan(facts: SpanFacts): string {
  const { trace, route, status, code } = facts;
  // A 4xx is the caller's mistake, not a failure of this server; an answer that was cut is one, whatever its status.
  const hasFailed = (status !== null && status >= 500) || (code !== null && status !== null && status < 400);
  let attributes =
    toMethod(facts.method) +
    text(ATTR_URL_SCHEME, facts.scheme) +
    text(ATTR_URL_PATH, cut(facts.path)) +
    text(ATTR_CLIENT_ADDRESS, facts.client) +
    text(ATTR_NETWORK_PEER_ADDRESS, facts.peer) +
    text(ATTR_NETWORK_PROTOCOL_VERSION, facts.httpVersion) +
    text('gatehouse.request.id', facts.requestId);
  if (facts.query.length > 1) attributes += text(ATTR_URL_QUERY, cut(facts.query.slice(1)));
  if (facts.host !== '') attributes += toServer(facts.host);
  if (facts.userAgent !== null) attributes += text(ATTR_USER_AGENT_ORIGINAL, cut(facts.userAgent));
  if (route) attributes += text(ATTR_HTTP_ROUTE, route.pattern) + text('gatehouse.route.id', route.id);
  if (status !== null) attributes += integer(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
  if (code !== null) attributes += text('gatehouse.problem.code', code);
  if (facts.aborted) attributes += '{"key":"gatehouse.aborted","value":{"boolValue":true}},';
  if (facts.replayOf !== null) attributes += text('gatehouse.replay.of', cut(facts.replayOf));
  if (hasFailed) attributes += text(ATTR_ERROR_TYPE, code ?? String(status));
  const method = toKnownMethod(facts.method) ?? 'HTTP';
  const parent = trace.parentId === null ? '' : `"parentSpanId":"${trace.parentId}",`;
  const links = trace.left
    ? `"links":[{"traceId":"${trace.left.traceId}","spanId":"${trace.left.spanId}",` +
      `"flags":${trace.left.flags | KNOWS_REMOTE | IS_REMOTE}}],`
    : '';
  return (
    `{"traceId":"${trace.traceId}","spanId":"${trace.spanId}",${parent}` +
    `"flags":${trace.flags | KNOWS_REMOTE | (trace.parentId === null ? 0 : IS_REMOTE)},` +
    `"name":${quote(route ? `${method} ${route.pattern}` : method)},"kind":${KIND_SERVER},` +
    `"startTimeUnixNano":"${toNanos(facts.at)}","endTimeUnixNano":"${toNanos(facts.at + facts.durationMs)}",` +
    `"attributes":[${attributes.slice(0, -1)}],${links}${hasFailed ? STATUS_ERROR : STATUS_UNSET}},`
  );
}

function toClientSpan(facts: SpanFacts, index: number): string {
  const { trace, upstream } = facts;
  const { spanId, address, startMs, endMs, status, failure } = facts.tries[index] as TryFacts;
  const hasFailed = failure !== null || (status !== null && status >= 400);
  let attributes = toMethod(facts.method);
  if (upstream) {
    const target = facts.forwardedTarget ?? '/';
    attributes +=
      toServer(upstream.authority) +
      text('gatehouse.upstream.name', upstream.name) +
      text(ATTR_URL_FULL, cut(`${upstream.scheme}://${upstream.authority}${target}`));
  }
  attributes += toPeer(address) + text(ATTR_NETWORK_PROTOCOL_VERSION, '1.1');
  if (status !== null) attributes += integer(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
  if (index > 0) attributes += integer(ATTR_HTTP_REQUEST_RESEND_COUNT, index);
  if (hasFailed) attributes += text(ATTR_ERROR_TYPE, failure === null ? String(status) : toFailureCode(failure));
  return (
    `{"traceId":"${trace.traceId}","spanId":"${spanId}","parentSpanId":"${trace.spanId}",` +
    `"flags":${trace.flags | KNOWS_REMOTE},"name":"${toKnownMethod(facts.method) ?? 'HTTP'}","kind":${KIND_CLIENT},` +
    `"startTimeUnixNano":"${toNanos(facts.at + startMs)}",` +
    `"endTimeUnixNano":"${toNanos(facts.at + Math.max(startMs, endMs))}",` +
    `"attributes":[${attributes.slice(0, -1)}],${hasFailed ? STATUS_ERROR : STATUS_UNSET}},`
  );
}

// Attributes end with a comma, which the last one loses where they are put together.

const text = (key: string, value: string): string => `{"key":"${key}","value":{"stringValue":${quote(value)}}},`;
const integer = (key: string, value: number): string => `{"key":"${key}","value":{"intValue":${value}}},`;

// Few upstreams, hosts and methods come again and again.

const toServer = remember((authority) => toAddress(authority, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT));
const toPeer = remember((authority) => toAddress(authority, ATTR_NETWORK_PEER_ADDRESS, ATTR_NETWORK_PEER_PORT));
const toMethod = remember((method) =>
  toKnownMethod(method) === undefined
    ? text(ATTR_HTTP_REQUEST_METHOD, '_OTHER') + text(ATTR_HTTP_REQUEST_METHOD_ORIGINAL, cut(method))
    : text(ATTR_HTTP_REQUEST_METHOD, method),
);

/** `[::1]:80` → `::1` and 80; a host that is only a port has no address. */
function toAddress(authority: string, addressKey: string, portKey: string): string {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const address = bracketed ?? plain ?? authority;
  return (address === '' ? '' : text(addressKey, cut(address))) + (port ? integer(portKey, Number(port)) : '');
}

/** Nanoseconds since 1970 as the decimal text that JSON has for 64 bits; of epoch ms with a fraction. */
function toNanos(epochMs: number): string {
  const whole = Math.floor(epochMs);
  return `${whole}${String(Math.floor((epochMs - whole) * 1e6)).padStart(6, '0')}`;
}

function cut(value: string): string {
  return value.length > VALUE_LIMIT ? value.slice(0, VALUE_LIMIT) : value;
}

/** What JSON has to escape, and all that is not plain ASCII, which `JSON.stringify` knows better. */
const NOT_PLAIN = /[^ !#-[\]-~]/;

function quote(value: string): string {
  return NOT_PLAIN.test(value) ? JSON.stringify(value) : `"${value}"`;
}
