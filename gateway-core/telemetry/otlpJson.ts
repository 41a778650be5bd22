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
import { countSpans, type SpanFacts, type TryFacts } from './spanFacts.ts';

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

/**
 * Memory is written again for one batch after the other. As texts of half a megabyte and new buffers for them, a batch took
 * six times as long: V8 and the kernel hand out and take back so large pieces one by one.
 */
const FIRST_BYTES = 256 * 1024;
/** What one batch of long values took is given back. */
const KEPT_BYTES = 4 * 1024 * 1024;
const END = ']}]}]}';

/**
 * An ExportTraceServiceRequest that grows: of each exchange the server's span, then one for each try, in order. They are
 * bytes from the first moment on, since thousands of objects that wait for a collector are copied by every collection.
 */
export class OtlpBatch {
  spans = 0;
  private readonly beginning: string;
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;

  constructor({ serviceName, gateway, version }: SpanOrigin) {
    const resource =
      text(ATTR_SERVICE_NAME, serviceName) +
      next(text(ATTR_SERVICE_VERSION, version)) +
      next(text('service.instance.id', gateway));
    const scope = `{"name":"gatehouse-gateway","version":${quote(version)}}`;
    this.beginning = `{"resourceSpans":[{"resource":{"attributes":[${resource}]},"scopeSpans":[{"scope":${scope},"spans":[`;
  }

  add(facts: SpanFacts): void {
    let spans = this.spans === 0 ? this.beginning + toServerSpan(facts) : next(toServerSpan(facts));
    for (let index = 0; index < facts.tries.length; index++) spans += next(toClientSpan(facts, index));
    this.append(spans);
    this.spans += countSpans(facts);
  }

  /** All that was added, valid until clear; of one to which nothing was added, nothing. */
  finish(): Buffer {
    if (this.spans > 0) this.append(END);
    return this.bytes.subarray(0, this.used);
  }

  clear(): void {
    this.spans = 0;
    this.used = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** All of it is ASCII, so that a character is a byte. */
  private append(json: string): void {
    if (this.used + json.length > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + json.length));
      this.bytes.copy(larger, 0, 0, this.used);
      this.bytes = larger;
    }
    this.used += this.bytes.write(json, this.used, 'latin1');
  }
}

function toServerSpan(facts: SpanFacts): string {
  const { trace, route, status, code } = facts;
  // A 4xx is the caller's mistake, not a failure of this server; an answer that was cut is one, whatever its status.
  const hasFailed = (status !== null && status >= 500) || (code !== null && status !== null && status < 400);
  const links = trace.left
    ? `"links":[{"traceId":"${trace.left.traceId}","spanId":"${trace.left.spanId}",` +
      `"flags":${trace.left.flags | KNOWS_REMOTE | IS_REMOTE}}],`
    : '';
  const parent = trace.parentId === null ? '' : `"parentSpanId":"${trace.parentId}",`;
  const name = route
    ? toRouteName(`${toNameOfMethod(facts.method)} ${route.pattern}`)
    : toRouteName(toNameOfMethod(facts.method));
  return (
    `{"traceId":"${trace.traceId}","spanId":"${trace.spanId}",${parent}` +
    `"flags":${trace.flags | KNOWS_REMOTE | (trace.parentId === null ? 0 : IS_REMOTE)},` +
    `"name":${name},"kind":${KIND_SERVER},` +
    `"startTimeUnixNano":"${toNanos(facts.at)}","endTimeUnixNano":"${toNanos(facts.at + facts.durationMs)}",` +
    `"attributes":[${toServerAttributes(facts, hasFailed)}],${links}${hasFailed ? STATUS_ERROR : STATUS_UNSET}}`
  );
}

function toServerAttributes(facts: SpanFacts, hasFailed: boolean): string {
  const { route, status, code } = facts;
  let attributes =
    toMethod(facts.method) +
    toScheme(facts.scheme) +
    next(text(ATTR_URL_PATH, cut(facts.path))) +
    toClient(facts.client) +
    toPeerAddress(facts.peer) +
    toVersion(facts.httpVersion) +
    next(text('gatehouse.request.id', facts.requestId));
  if (facts.query.length > 1) attributes += next(text(ATTR_URL_QUERY, cut(facts.query.slice(1))));
  if (facts.host !== '') attributes += toServer(facts.host);
  if (facts.userAgent !== null) attributes += toUserAgent(facts.userAgent);
  if (route) attributes += toRoute(route.pattern) + toRouteId(route.id);
  if (status !== null) attributes += next(integer(ATTR_HTTP_RESPONSE_STATUS_CODE, status));
  if (code !== null) attributes += next(text('gatehouse.problem.code', code));
  if (facts.aborted) attributes += ',{"key":"gatehouse.aborted","value":{"boolValue":true}}';
  if (facts.replayOf !== null) attributes += next(text('gatehouse.replay.of', cut(facts.replayOf)));
  if (hasFailed) attributes += next(text(ATTR_ERROR_TYPE, code ?? String(status)));
  return attributes;
}

function toClientSpan(facts: SpanFacts, index: number): string {
  const { trace } = facts;
  const attempt = facts.tries[index] as TryFacts;
  const { spanId, startMs, endMs, status, failure } = attempt;
  const hasFailed = failure !== null || (status !== null && status >= 400);
  return (
    `{"traceId":"${trace.traceId}","spanId":"${spanId}","parentSpanId":"${trace.spanId}",` +
    `"flags":${trace.flags | KNOWS_REMOTE},"name":"${toNameOfMethod(facts.method)}","kind":${KIND_CLIENT},` +
    `"startTimeUnixNano":"${toNanos(facts.at + startMs)}",` +
    `"endTimeUnixNano":"${toNanos(facts.at + Math.max(startMs, endMs))}",` +
    `"attributes":[${toClientAttributes(facts, attempt, { index, hasFailed })}],${hasFailed ? STATUS_ERROR : STATUS_UNSET}}`
  );
}

function toClientAttributes(
  { method, upstream, forwardedTarget }: SpanFacts,
  { address, status, failure }: TryFacts,
  { index, hasFailed }: { index: number; hasFailed: boolean },
): string {
  let attributes = toMethod(method);
  if (upstream) {
    const url = `${upstream.scheme}://${upstream.authority}${forwardedTarget ?? '/'}`;
    attributes += toServer(upstream.authority) + toUpstream(upstream.name) + next(text(ATTR_URL_FULL, cut(url)));
  }
  attributes += toPeer(address) + toVersion('1.1');
  if (status !== null) attributes += next(integer(ATTR_HTTP_RESPONSE_STATUS_CODE, status));
  if (index > 0) attributes += next(integer(ATTR_HTTP_REQUEST_RESEND_COUNT, index));
  if (hasFailed) attributes += next(text(ATTR_ERROR_TYPE, failure === null ? String(status) : toFailureCode(failure)));
  return attributes;
}

const toNameOfMethod = (method: string): string => toKnownMethod(method) ?? 'HTTP';

const text = (key: string, value: string): string => `{"key":"${key}","value":{"stringValue":${quote(value)}}}`;
const integer = (key: string, value: number): string => `{"key":"${key}","value":{"intValue":${value}}}`;
/** Behind another attribute. */
const next = (attribute: string): string => `,${attribute}`;

// Few upstreams, hosts, clients and methods come again and again; what is said of them is written once.

const remembered = (key: string) => remember((value: string) => next(text(key, cut(value))));
const toScheme = remembered(ATTR_URL_SCHEME);
const toClient = remembered(ATTR_CLIENT_ADDRESS);
const toPeerAddress = remembered(ATTR_NETWORK_PEER_ADDRESS);
const toVersion = remembered(ATTR_NETWORK_PROTOCOL_VERSION);
const toUserAgent = remembered(ATTR_USER_AGENT_ORIGINAL);
const toRoute = remembered(ATTR_HTTP_ROUTE);
const toRouteId = remembered('gatehouse.route.id');
const toUpstream = remembered('gatehouse.upstream.name');
const toRouteName = remember((name) => quote(name));
const toServer = remember((authority) => toAddress(authority, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT));
const toPeer = remember((authority) => toAddress(authority, ATTR_NETWORK_PEER_ADDRESS, ATTR_NETWORK_PEER_PORT));
/** The first of its attributes. */
const toMethod = remember((method) =>
  toKnownMethod(method) === undefined
    ? text(ATTR_HTTP_REQUEST_METHOD, '_OTHER') + next(text(ATTR_HTTP_REQUEST_METHOD_ORIGINAL, cut(method)))
    : text(ATTR_HTTP_REQUEST_METHOD, method),
);

/** `[::1]:80` → `::1` and 80; a host that is only a port has no address. */
function toAddress(authority: string, addressKey: string, portKey: string): string {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const address = bracketed ?? plain ?? authority;
  return (
    (address === '' ? '' : next(text(addressKey, cut(address)))) + (port ? next(integer(portKey, Number(port))) : '')
  );
}

/** Nanoseconds since 1970 as the decimal text that JSON has for 64 bits; of epoch ms with a fraction. */
function toNanos(epochMs: number): string {
  const whole = Math.floor(epochMs);
  // A million before it keeps the zeros in front.
  return whole + String(1_000_000 + Math.floor((epochMs - whole) * 1e6)).slice(1);
}

function cut(value: string): string {
  return value.length > VALUE_LIMIT ? value.slice(0, VALUE_LIMIT) : value;
}

/** What JSON has to escape, and all that is not plain ASCII. */
const NOT_PLAIN = /[^ !#-[\]-~]/;
const NOT_ASCII = /[^ -~]/g;

function quote(value: string): string {
  if (!NOT_PLAIN.test(value)) return `"${value}"`;
  return JSON.stringify(value).replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
