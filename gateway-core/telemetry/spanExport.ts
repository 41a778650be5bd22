// Spans on their way to a collector: a bounded queue, batches one after the other, and OpenTelemetry's own transport, which
// knows when to try again. Loaded when the first span is made: a gateway without traces does not pay for it.
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http';
import { createCollectorAgent } from './collectorAgent.ts';
import { OtlpBatch } from './otlpJson.ts';
import { countSpans, type SpanFacts } from './spanFacts.ts';
import type { TracesConfig } from './telemetrySection.ts';

/** ExportResultCode of @opentelemetry/core, which is the transport's own dependency and not ours. */
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
  hasRoom(spans: number): boolean;
  /** What has no room is dropped and counted. */
  add(facts: SpanFacts): void;
  /** Sends what waits. Never rejects. */
  close(): Promise<void>;
}

export function createSpanExport(options: SpanExportOptions): SpanExport {
  const { config, counts, gateway, version } = options;
  const collector = openCollector(options);
  const createBatch = () => new OtlpBatch({ serviceName: config.serviceName, gateway, version });
  /** Full ones, the oldest first. */
  let full: OtlpBatch[] = [];
  let filling = createBatch();
  /** One that was sent, to be filled again. */
  let spare: OtlpBatch | undefined;
  let queued = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  function beginBatch(): void {
    full.push(filling);
    filling = spare ?? createBatch();
    spare = undefined;
  }

  /** One batch at a time: a collector that is slow gets no more at once for being slow. */
  function send(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (!sending) {
      if (full.length === 0) beginBatch();
      const [oldest, ...later] = full;
      full = later;
      sending = oldest ? sendBatch(oldest) : undefined;
    }
    return sending ?? Promise.resolve();
  }

  async function sendBatch(batch: OtlpBatch): Promise<void> {
    queued -= batch.spans;
    counts.queued -= batch.spans;
    await collector.send(batch);
    // Nobody reads its bytes any more.
    batch.clear();
    spare = batch;
    sending = undefined;
    schedule();
  }

  function schedule(): void {
    if (sending || queued === 0) return;
    if (full.length > 0) void send();
    else timer ??= setTimeout(send, config.delayMs).unref();
  }

  return {
    hasRoom: (spans) => queued + spans <= config.queueSpans,
    add(facts) {
      const spans = countSpans(facts);
      if (queued + spans > config.queueSpans) {
        counts.droppedQueueFull += spans;
        return;
      }
      if (filling.spans > 0 && filling.spans + spans > config.batchSpans) beginBatch();
      filling.add(facts);
      queued += spans;
      counts.queued += spans;
      if (filling.spans >= config.batchSpans) beginBatch();
      schedule();
    },
    async close() {
      while (sending || queued > 0) await (sending ?? send());
      clearTimeout(timer);
      await collector.close();
    },
  };
}

interface Collector {
  /** Resolves when its fate is known, and counted. Never rejects. */
  send(batch: OtlpBatch): Promise<void>;
  close(): Promise<void>;
}

function openCollector({ config, counts, resolve, onFailure }: SpanExportOptions): Collector {
  const http = convertLegacyHttpOptions(
    {
      url: config.otlpUrl,
      headers: { ...config.headers },
      timeoutMillis: config.timeoutMs,
      httpAgentOptions: (protocol) => createCollectorAgent(protocol, resolve),
    },
    'TRACES',
    'v1/traces',
    { 'Content-Type': 'application/json' },
  );
  const serializer = {
    serializeRequest: (batch: OtlpBatch) => batch.finish(),
    deserializeResponse: () => ({}),
  };
  const inBatches = { name: 'span', countItems: ({ spans }: OtlpBatch) => spans } as const;
  const delegate = createOtlpHttpExportDelegate(http, serializer, 'otlp_http_json_span_exporter', inBatches, undefined);
  return {
    send: (batch) =>
      new Promise((done) => {
        delegate.export(batch, ({ code, error }) => {
          if (code === SUCCESS) counts.exported += batch.spans;
          else {
            counts.droppedExportFailed += batch.spans;
            onFailure(error?.message || 'the collector refused');
          }
          done();
        });
      }),
    close: () => delegate.shutdown().catch((error: unknown) => onFailure(String(error))),
  };
}
