// What spans are made of, noted when an exchange is over. Everything secret is gone before it gets here.
import type { FailureKind } from '../breaker/breaker.ts';
import type { TraceContext } from '../headers/traceContext.ts';

/** One asking of one address. Times are ms since the exchange began. */
export interface TryFacts {
  readonly spanId: string;
  /** `host:port` as configured. */
  readonly replica: string;
  /** The socket address that was dialled. */
  readonly address: string;
  readonly startMs: number;
  /** Until the end of the answer or the failure. */
  endMs: number;
  status: number | null;
  /** What went wrong; null when the upstream answered. */
  failure: FailureKind | null;
}

export interface SpanFacts {
  readonly trace: TraceContext;
  readonly requestId: string;
  /** Epoch ms at which the exchange began. */
  readonly at: number;
  readonly durationMs: number;
  readonly method: string;
  readonly scheme: string;
  /** As the client asked for it, with its port; may be empty. */
  readonly host: string;
  readonly path: string;
  /** Redacted, with its question mark; empty when there is none. */
  readonly query: string;
  readonly httpVersion: string;
  readonly client: string;
  readonly peer: string;
  readonly userAgent: string | null;
  readonly route: { readonly id: string; readonly pattern: string } | null;
  readonly upstream: { readonly name: string; readonly authority: string; readonly scheme: string } | null;
  /** Path and redacted query that the upstream got. */
  readonly forwardedTarget: string | null;
  readonly status: number | null;
  readonly code: string | null;
  readonly aborted: boolean;
  /** The exchange that an operator repeated with it. */
  readonly replayOf: string | null;
  readonly tries: readonly TryFacts[];
}

/** Of its server, and one for each try. */
export const countSpans = (facts: SpanFacts): number => 1 + facts.tries.length;
