// Spans on their way to a collector: a bounded queue, batches one after the other, and OpenTelemetry's own transport, which
// knows when to try again. Loaded when the first span is made: a gateway without traces does not pay for it.
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http';
import { createCollectorAgent } from './collectorAgent.ts';
import { OtlpJson, type SpanOrigin } from './otlpJson.ts';
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

interface Batch {
  readonly exchanges: readonly SpanFacts[];
  readonly spans: number;
}

export function createSpanExport(options: SpanExportOptions): SpanExport {
  const { config, counts } = options;
  const collector = openCollector(options);
  let waiting: SpanFacts[] = [];
  let queued = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  /** The oldest exchanges, as many as fit into a batch; at least one. */
  function takeBatch(): Batch {
    let [taken, spans] = [0, 0];
    for (const facts of waiting) {
      const size = countSpans(facts);
      if (taken > 0 && spans + size > config.batchSpans) break;
      taken += 1;
      spans += size;
    }
    const exchanges = waiting.slice(0, taken);
    waiting = waiting.slice(taken);
    queued -= spans;
    counts.queued -= spans;
    return { exchanges, spans };
  }

  /** One batch at a time: a collector that is slow gets no more at once for being slow. */
  function send(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    sending ??= collector.send(takeBatch()).then(() => {
      sending = undefined;
      schedule();
    });
    return sending;
  }

  function schedule(): void {
    if (sending || waiting.length === 0) return;
    if (queued >= config.batchSpans) void send();
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
      waiting.push(facts);
      queued += spans;
      counts.queued += spans;
      schedule();
    },
    async close() {
      while (sending || waiting.length > 0) await (sending ?? send());
      clearTimeout(timer);
      await collector.close();
    },
  };
}

interface Collector {
  /** Resolves when its fate is known, and counted. Never rejects. */
  send(batch: Batch): Promise<void>;
  close(): Promise<void>;
}

function openCollector({ config, gateway, version, counts, resolve, onFailure }: SpanExportOptions): Collector {
  const origin: SpanOrigin = { serviceName: config.serviceName, gateway, version };
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
  const json = new OtlpJson();
  const serializer = {
    // One batch is sent after the other, so that nobody reads the memory any more when it is written again.
    serializeRequest: ({ exchanges }: Batch) => json.write(exchanges, origin),
    deserializeResponse: () => ({}),
  };
  const inBatches = { name: 'span', countItems: ({ spans }: Batch) => spans } as const;
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
