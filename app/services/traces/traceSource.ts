// What answers questions about traces: a Jaeger of the stack, or the host's own collector.
import { GatehouseError, type TraceQuery, type TraceRange, type TraceSearch } from '../../contract/index.ts';
import type { RawTrace } from './rawSpan.ts';

/** Each rejects with a problem that says what to do. */
export interface TraceSource {
  search(query: TraceQuery, range: TraceRange, signal: AbortSignal): Promise<TraceSearch>;
  /** Rejects with `trace-unknown` where it has none of this id. */
  find(traceId: string, signal: AbortSignal): Promise<RawTrace>;
  /** Resolves when there may be newer traces, or the signal is aborted. */
  next(signal: AbortSignal): Promise<void>;
}

export const servicesShown = 200;

export function unknownTrace(traceId: string, where: string): GatehouseError {
  return new GatehouseError({
    code: 'trace-unknown',
    message: `${where} has no trace ${traceId}.`,
    remedy: 'It may be too old, not sampled, or not sent yet: spans come a second or more after the request.',
  });
}
