// Spans of one gateway: nothing global is registered, so that several gateways can live in one process.
import type { Log } from '../server/log.ts';
import type { SpanCounts, SpanExport } from './spanExport.ts';
import { countSpans, type SpanFacts } from './spanFacts.ts';
import type { TracesConfig } from './telemetrySection.ts';

export interface Tracing {
  /** Whether spans are wanted at all. */
  readonly isOn: boolean;
  /** Ask before making facts of a sampled exchange: what does not fit is counted as dropped, and costs nothing else. */
  hasRoom(spans: number): boolean;
  /** Never throws and never waits; what does not fit is dropped and counted. */
  record(facts: SpanFacts): void;
  /** Another collector or queue: what waits for the old one is still sent there. */
  reconcile(config: TracesConfig | null): void;
  counts(): Readonly<SpanCounts>;
  /** Sends what waits, for at most that long. */
  close(timeoutMs: number): Promise<void>;
}

interface TracingOptions {
  readonly config: TracesConfig | null;
  readonly gateway: string;
  readonly version: string;
  readonly log: Log;
  /** The address to dial for `name:port`. */
  readonly resolve: (authority: string) => string;
  /** Called for each failed export; may be limited. */
  readonly warn: (message: string, fields: Record<string, unknown>) => void;
}

export function createTracing(options: TracingOptions): Tracing {
  const counts: SpanCounts = { exported: 0, droppedQueueFull: 0, droppedExportFailed: 0, queued: 0 };
  let config = options.config;
  let line: ExportLine | undefined;
  const closing = new Set<Promise<void>>();

  function retire(): void {
    const closed = line?.close();
    line = undefined;
    if (!closed) return;
    closing.add(closed);
    void closed.then(() => closing.delete(closed));
  }

  return {
    get isOn() {
      return config !== null;
    },
    hasRoom(spans) {
      if (line === undefined || line.hasRoom(spans)) return true;
      counts.droppedQueueFull += spans;
      return false;
    },
    record(facts) {
      if (config === null) return;
      line ??= createExportLine({ ...options, config, counts });
      line.add(facts);
    },
    reconcile(next) {
      if (JSON.stringify(next) === JSON.stringify(config)) return;
      config = next;
      retire();
    },
    counts: () => counts,
    async close(timeoutMs) {
      config = null;
      retire();
      const timer = Promise.withResolvers<void>();
      const timeout = setTimeout(timer.resolve, timeoutMs);
      await Promise.race([Promise.all(closing), timer.promise]);
      clearTimeout(timeout);
    },
  };
}

interface ExportLine {
  hasRoom(spans: number): boolean;
  add(facts: SpanFacts): void;
  close(): Promise<void>;
}

type LineOptions = Omit<TracingOptions, 'config'> & { readonly config: TracesConfig; readonly counts: SpanCounts };

/** Facts wait, bounded, while OpenTelemetry's transport is loaded, once. */
function createExportLine({ log, warn, ...options }: LineOptions): ExportLine {
  let waiting: SpanFacts[] | undefined = [];
  let ready: SpanExport | undefined;
  const onFailure = (reason: string) => warn('spans were not exported', { otlpUrl: options.config.otlpUrl, reason });
  const drop = (facts: SpanFacts) => {
    options.counts.droppedQueueFull += countSpans(facts);
  };
  const loaded = import('./spanExport.ts')
    .then(({ createSpanExport }) => {
      ready = createSpanExport({ ...options, onFailure });
      for (const facts of waiting ?? []) ready.add(facts);
    })
    .catch((error: unknown) => {
      log.error('OpenTelemetry could not be loaded; no spans are made', { reason: String(error) });
      for (const facts of waiting ?? []) drop(facts);
    })
    .finally(() => {
      waiting = undefined;
    });
  return {
    hasRoom: (spans) => ready?.hasRoom(spans) ?? (waiting?.length ?? 0) < options.config.queueSpans,
    add(facts) {
      if (ready) ready.add(facts);
      else if (waiting && waiting.length < options.config.queueSpans) waiting.push(facts);
      else drop(facts);
    },
    async close() {
      await loaded;
      await ready?.close();
    },
  };
}
