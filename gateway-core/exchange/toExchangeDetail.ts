// What the tap keeps of an exchange that is over. Everything secret is taken out here.
import { toRecordedSubject } from '../auth/recordedSubject.ts';
import { toHostName } from '../headers/framing.ts';
import { isDemo } from '../headers/requestHeaders.ts';
import { FORWARD, RESPOND } from '../stages/stages.ts';
import type { ExchangeDetail, TryRecord } from '../tap/exchangeRecord.ts';
import { redactSentences } from '../tap/redact.ts';
import type { TryFacts } from '../telemetry/spanFacts.ts';
import type { Exchange } from './exchange.ts';

interface Record {
  readonly gateway: string;
  /** Counted by recorded exchange, so that a gap means a lost event and nothing else. */
  readonly sequence: number;
  readonly durationMs: number;
}

export function toExchangeDetail(exchange: Exchange, { gateway, sequence, durationMs }: Record): ExchangeDetail {
  const { request, findings, revision } = exchange;
  const { redaction } = revision;
  const { forwardedPath } = findings;
  const path = redaction.target(request.target);
  completeStages(exchange, durationMs);
  return {
    id: exchange.id,
    sequence,
    gateway,
    at: exchange.at,
    method: request.method,
    host: toHostName(findings.host),
    path,
    route: exchange.findTargetId(),
    upstream: findings.route?.upstream.authority ?? null,
    status: exchange.status,
    code: exchange.code,
    note: exchange.note,
    durationMs,
    upstreamMs: exchange.upstreamMs,
    requestBytes: exchange.requestBytes,
    responseBytes: exchange.responseBytes,
    client: request.client,
    protocol: request.protocol,
    traceId: exchange.trace.traceId,
    breaker: findings.breaker,
    fallback: exchange.fallback,
    tries: exchange.tries.map(toTryRecord),
    demo: isDemo(request.headers),
    replayOf: exchange.replayOf,
    canonicalPath: findings.canonicalPath,
    forwardedPath: forwardedPath === request.target ? path : forwardedPath && redaction.target(forwardedPath),
    subject: toRecordedSubject(findings.identity, revision.config.auth.recordSubject),
    target: exchange.target,
    // The query is the end of the target: where that holds no secret, neither does a sentence that quotes it.
    stages: path === request.target ? exchange.records : redactSentences(exchange.records, findings.query, redaction),
    requestHeaders: redaction.headers(request.headers),
    responseHeaders: redaction.headers(exchange.responseHeaders),
    requestBody: exchange.requestPreview?.finish(redaction) ?? null,
    responseBody: exchange.responsePreview?.finish(redaction) ?? null,
  };
}

/** Before forwarding the last two stages could only say what they would do; now they say what happened, and how long it took. */
function completeStages(exchange: Exchange, durationMs: number): void {
  const { records, upstreamMs, target, note, status, responseBytes } = exchange;
  const forward = records[FORWARD];
  const respond = records[RESPOND];
  if (!forward || !respond || forward.outcome !== 'pass' || target === null) return;
  forward.durationMs = upstreamMs ?? durationMs - forward.startMs;
  respond.startMs = forward.startMs + forward.durationMs;
  respond.durationMs = Math.max(0, durationMs - respond.startMs);
  if (upstreamMs === null) {
    forward.outcome = 'stop';
    forward.sentence = note ?? 'The upstream did not answer.';
  } else forward.sentence = `${forward.sentence.slice(0, -1)} at ${target}, which answered ${status}.`;
  if (status === null) respond.sentence = 'The caller went away before an answer.';
  else respond.sentence = note ?? `The caller got ${status} with ${responseBytes} bytes.`;
}

function toTryRecord({ replica, status, failure, startMs, endMs }: TryFacts): TryRecord {
  return { replica, status, failure, ms: endMs - startMs };
}
