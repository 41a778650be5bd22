// How a configuration wants traces continued: worked out once, so that a request only picks one of two.
import { sampleAll, type TraceOptions } from '../headers/traceContext.ts';
import { createRatioSampling } from './sampling.ts';
import type { TelemetryConfig } from './telemetrySection.ts';

export interface TracePolicy {
  /** For a peer that is a trusted proxy. */
  readonly trusted: TraceOptions;
  readonly others: TraceOptions;
}

export function createTracePolicy({ traces, traceContextFrom }: TelemetryConfig): TracePolicy {
  const sampling = traces ? createRatioSampling(traces.ratio) : sampleAll;
  return {
    trusted: { sampling, isTrusted: true },
    others: { sampling, isTrusted: traceContextFrom === 'anyone' },
  };
}
