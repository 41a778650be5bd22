// Spans on their way to a collector. Loaded when the first one is made: a gateway without traces does not pay for it.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { createCollectorAgent } from './collectorAgent.ts';
import type { SpanFacts } from './spanFacts.ts';
import { type SpanOrigin, toSpans } from './spans.ts';
import type { TracesConfig } from './telemetrySection.ts';

/** ExportResultCode of @opentelemetry/core, which is the SDK's own dependency and not ours. */
const SUCCESS = 0;

export interface SpanExportOptions {
  readonly config: TracesConfig;
  readonly gateway: string;
  readonly version: string;
  readonly counts: SpanCounts;
  /** The address to dial for `name:port`. */
  readonly resolve: (authority: string) => string;
  readonly onFailure: (reason: string) => void;
}

/** Cumulative; shared by the exports that follow each other over changes of the configuration. */
export interface SpanCounts {
  exported: number;
  droppedQueueFull: number;
  droppedExportFailed: number;
  queued: number;
}

export interface SpanExport {
  /** What is added now is dropped. */
  readonly isFull: boolean;
  add(facts: SpanFacts): void;
  /** Sends what waits. Never rejects. */
  close(): Promise<void>;
}

export function createSpanExport(options: SpanExportOptions): SpanExport {
  const { config, counts } = options;
  const origin = toOrigin(options);
  let queued = 0;
  const processor = new BatchSpanProcessor({
    exporter: createCountingExporter(options, (taken) => {
      queued -= taken;
      counts.queued -= taken;
    }),
    maxQueueSize: config.queueSpans,
    maxExportBatchSize: config.batchSpans,
    scheduledDelayMillis: config.delayMs,
    exportTimeoutMillis: config.timeoutMs,
  });
  return {
    get isFull() {
      return queued >= config.queueSpans;
    },
    add(facts) {
      for (const span of toSpans(facts, origin)) {
        // The processor would drop it too, but tell nobody.
        if (queued >= config.queueSpans) counts.droppedQueueFull += 1;
        else {
          queued += 1;
          counts.queued += 1;
          processor.onEnd(span);
        }
      }
    },
    close: () => processor.shutdown().catch((error: unknown) => options.onFailure(String(error))),
  };
}

function toOrigin({ config, gateway, version }: SpanExportOptions): SpanOrigin {
  return {
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: config.serviceName,
      [ATTR_SERVICE_VERSION]: version,
      'service.instance.id': gateway,
    }),
    instrumentationScope: { name: 'gatehouse-gateway', version },
  };
}

/** Between processor and exporter, since neither says how much of it was lost. */
function createCountingExporter(
  { config, counts, resolve, onFailure }: SpanExportOptions,
  onTaken: (spans: number) => void,
): SpanExporter {
  const exporter = new OTLPTraceExporter({
    url: config.otlpUrl,
    headers: { ...config.headers },
    timeoutMillis: config.timeoutMs,
    httpAgentOptions: (protocol) => createCollectorAgent(protocol, resolve),
  });
  return {
    export(spans, done) {
      onTaken(spans.length);
      exporter.export(spans, (result) => {
        if (result.code === SUCCESS) counts.exported += spans.length;
        else {
          counts.droppedExportFailed += spans.length;
          onFailure(result.error?.message || 'the collector refused');
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  };
}
