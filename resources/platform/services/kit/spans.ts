// Real spans, by OpenTelemetry's SDK, on their way to a collector over OTLP/HTTP. Loaded by startTracing alone, and only
// where a collector is named. Nothing global is registered.
import {
  createTraceState,
  type Span as OtelSpan,
  SpanKind as OtelSpanKind,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_ERROR_TYPE, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { createDiallingAgent } from './diallingAgent.ts';
import type { SpanKind, SpanOptions, StartedSpan, TraceContext, Tracer, TracingOptions } from './tracing.ts';

const KINDS: Readonly<Record<SpanKind, OtelSpanKind>> = {
  internal: OtelSpanKind.INTERNAL,
  server: OtelSpanKind.SERVER,
  client: OtelSpanKind.CLIENT,
  producer: OtelSpanKind.PRODUCER,
  consumer: OtelSpanKind.CONSUMER,
};

/** Bounded: what a collector is too slow for is dropped. */
const QUEUE_SPANS = 2_048;
const BATCH_SPANS = 256;
const BATCH_DELAY_MS = 1_000;
const EXPORT_TIMEOUT_MS = 2_000;
const VALUE_LIMIT = 2_048;

interface TracerOptions extends Omit<TracingOptions, 'endpoint'> {
  endpoint: string;
}

export function createTracer({ service, endpoint, dial }: TracerOptions): Tracer {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
    httpAgentOptions: () => createDiallingAgent(dial),
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: service }),
    // The gateway has decided already; what begins here (a schedule) is rare.
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanLimits: { attributeValueLengthLimit: VALUE_LIMIT },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: QUEUE_SPANS,
        maxExportBatchSize: BATCH_SPANS,
        scheduledDelayMillis: BATCH_DELAY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const otel = provider.getTracer('shop-platform');
  return {
    start(name, { kind = 'internal', attributes = {}, parent: remote }, parent) {
      const context = parent === undefined ? ROOT_CONTEXT : toOtelContext(parent, remote !== undefined);
      const span = otel.startSpan(name, { kind: KINDS[kind], attributes }, context);
      return toStartedSpan(span, parent?.baggage ?? '');
    },
    close: () => provider.shutdown().catch(() => {}),
  };
}

function toOtelContext({ traceId, spanId, flags, tracestate }: TraceContext, isRemote: boolean) {
  const traceState = tracestate === '' ? {} : { traceState: createTraceState(tracestate) };
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags, isRemote, ...traceState });
}

function toStartedSpan(span: OtelSpan, baggage: string): StartedSpan {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  return {
    context: { traceId, spanId, flags: traceFlags, tracestate: traceState?.serialize() ?? '', baggage },
    set(attributes: NonNullable<SpanOptions['attributes']>) {
      span.setAttributes(attributes);
    },
    fail(type) {
      span.setAttribute(ATTR_ERROR_TYPE, type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => span.end(),
  };
}
