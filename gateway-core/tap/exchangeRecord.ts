// One finished exchange as the tap keeps it. Everything secret is gone before it gets here.
import type { BreakerState } from '../breaker/breaker.ts';
import type { FallbackReason } from '../fallback/fallbackSection.ts';
import type { HeaderList } from '../headers/headerList.ts';
import type { StageRecord } from '../stages/runStages.ts';
import type { BodyPreview } from './bodyPreview.ts';

/** A row of the tap. */
export interface ExchangeRow {
  id: string;
  sequence: number;
  gateway: string;
  at: number;
  method: string;
  host: string;
  path: string;
  route: string | null;
  upstream: string | null;
  status: number | null;
  code: string | null;
  note: string | null;
  durationMs: number;
  upstreamMs: number | null;
  requestBytes: number;
  responseBytes: number;
  client: string;
  protocol: 'http' | 'websocket';
  traceId: string;
  breaker: BreakerState | null;
  /** Why the caller got the route's fixed answer; null when it did not. */
  fallback: FallbackReason | null;
  demo: boolean;
  /** The exchange that an operator repeated with it; null for what callers sent. */
  replayOf: string | null;
}

/** One try of an exchange: answered with `status`, or failed, or both when the answer was cut. */
export interface TryRecord {
  replica: string;
  status: number | null;
  failure: string | null;
  /** Until the status line or the failure. */
  ms: number;
}

export interface ExchangeDetail extends ExchangeRow {
  canonicalPath: string | null;
  forwardedPath: string | null;
  /** Who the caller was, as far as the configuration lets it be recorded. */
  subject: string | null;
  target: string | null;
  /** In order; empty when no replica was asked. */
  tries: TryRecord[];
  stages: StageRecord[];
  requestHeaders: HeaderList;
  responseHeaders: HeaderList;
  /** null: not kept. */
  requestBody: BodyPreview | null;
  responseBody: BodyPreview | null;
}

export function toRow(detail: ExchangeDetail): ExchangeRow {
  return {
    id: detail.id,
    sequence: detail.sequence,
    gateway: detail.gateway,
    at: detail.at,
    method: detail.method,
    host: detail.host,
    path: detail.path,
    route: detail.route,
    upstream: detail.upstream,
    status: detail.status,
    code: detail.code,
    note: detail.note,
    durationMs: detail.durationMs,
    upstreamMs: detail.upstreamMs,
    requestBytes: detail.requestBytes,
    responseBytes: detail.responseBytes,
    client: detail.client,
    protocol: detail.protocol,
    traceId: detail.traceId,
    breaker: detail.breaker,
    fallback: detail.fallback,
    demo: detail.demo,
    replayOf: detail.replayOf,
  };
}
