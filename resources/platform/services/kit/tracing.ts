// The trace that the code at hand belongs to, and spans within it. Without a collector no span is made and no SDK is loaded;
// the trace of a caller is then passed on as it came, by W3C Trace Context (level 2) and Baggage.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Dial } from './addresses.ts';
import type { Log } from './log.ts';

/** What travels between processes: in headers of HTTP, or in those of a message. */
export interface TraceContext {
  traceId: string;
  spanId: string;
  /** As in traceparent; 1 is sampled. */
  flags: number;
  tracestate: string;
  baggage: string;
}

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type SpanAttributes = Record<string, string | number | boolean | string[]>;

export interface SpanOptions {
  kind?: SpanKind;
  /** Named by OpenTelemetry's semantic conventions. Never a secret, never a value of a query. */
  attributes?: SpanAttributes;
  /** Of another process; left out, the span that the code at hand runs in. */
  parent?: TraceContext | undefined;
}

/** The span that work runs in. Without a collector all of it does nothing. */
export interface Span {
  set(attributes: SpanAttributes): void;
  /** Marks it as failed; `type` is a class of failures, such as a status or an error's code. */
  fail(type: string): void;
}

/** Makes real spans; the SDK behind it is loaded by `startTracing`. */
export interface Tracer {
  start(name: string, options: SpanOptions, parent: TraceContext | undefined): StartedSpan;
  close(): Promise<void>;
}

export interface StartedSpan extends Span {
  context: TraceContext;
  end(): void;
}

export interface TracingOptions {
  service: string;
  /** OTEL_EXPORTER_OTLP_ENDPOINT, for example http://jaeger:4318. */
  endpoint: string | undefined;
  dial: Dial;
  log: Log;
}

const current = new AsyncLocalStorage<TraceContext>();
let tracer: Tracer | undefined;

const NO_SPAN: Span = { set() {}, fail() {} };

/** Called once, before the first span. A collector that cannot be reached costs spans and nothing else. */
export async function startTracing({ endpoint, ...options }: TracingOptions): Promise<void> {
  if (endpoint === undefined || endpoint === '') return;
  const { createTracer } = await import('./spans.ts');
  tracer = createTracer({ ...options, endpoint });
}

/** Sends what waits. Never rejects. */
export async function stopTracing(): Promise<void> {
  const ending = tracer;
  tracer = undefined;
  await ending?.close();
}

/**
 * Runs `work` in a span of that name, within the span that it is called in or within `parent`. Whatever `work` calls and
 * awaits is in it. What `work` throws marks the span as failed and is thrown on.
 */
export async function inSpan<Result>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Result | Promise<Result>,
): Promise<Result> {
  const parent = options.parent ?? current.getStore();
  if (tracer === undefined) {
    return parent === undefined ? work(NO_SPAN) : current.run(parent, () => work(NO_SPAN));
  }
  const span = tracer.start(name, options, parent);
  try {
    return await current.run(span.context, () => work(span));
  } catch (error) {
    span.fail(toErrorType(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Of the span that the code at hand runs in. */
export function currentTrace(): { traceId: string; spanId: string } | undefined {
  const context = current.getStore();
  return context && { traceId: context.traceId, spanId: context.spanId };
}

/** Headers that carry the current trace on: traceparent, and tracestate and baggage where there are any. */
export function inject(): Record<string, string> {
  const context = current.getStore();
  if (context === undefined) return {};
  const { traceId, spanId, flags, tracestate, baggage } = context;
  return {
    traceparent: `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`,
    ...(tracestate === '' ? {} : { tracestate }),
    ...(baggage === '' ? {} : { baggage }),
  };
}

const FIELD_LIMIT = 8_192;

/** The trace that headers carry, of HTTP or of a message; undefined when there is none that can be read. */
export function extract(headers: Readonly<Record<string, unknown>>): TraceContext | undefined {
  const read = (name: string): string => {
    const value = headers[name];
    const text = Array.isArray(value) ? value.join(',') : Buffer.isBuffer(value) ? value.toString('latin1') : value;
    return typeof text === 'string' && text.length <= FIELD_LIMIT ? text.trim() : '';
  };
  // Section 3.2 of Trace Context: version-traceid-parentid-flags; version 00 has nothing behind it, ff is none.
  const match = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(read('traceparent'));
  const [, version, traceId = '', spanId = '', flags = '', more] = match ?? [];
  if (match === null || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  // Only the bits that level 2 knows: sampled and random.
  const known = Number.parseInt(flags, 16) & 0x03;
  return { traceId, spanId, flags: known, tracestate: read('tracestate'), baggage: read('baggage') };
}

function toErrorType(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && code !== '' ? code : error.name;
}
