// One line of the access log. Its fields are stable: scripts read them; docs/telemetry.md says what each holds.
import { toRecordedSubject } from '../auth/recordedSubject.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { toHostName } from '../headers/framing.ts';
import { findSingle } from '../headers/headerList.ts';
import { redactAllValues } from '../tap/redact.ts';

/** With these a line stays below PIPE_BUF (4096 bytes), up to which a write to a pipe is never torn. */
const PATH_LIMIT = 2_048;
const USER_AGENT_LIMIT = 256;

/** Redacted, without a newline or any other control character but the one at its end. */
export function toAccessLine(exchange: Exchange, durationMs: number): string {
  const { request, findings, revision, status } = exchange;
  const { redaction, config } = revision;
  const target = redaction.target(request.target);
  return `${toSafeJson({
    time: new Date(exchange.at).toISOString(),
    log: 'access',
    id: exchange.id,
    traceId: exchange.trace.traceId,
    client: request.client,
    peer: exchange.peer.address,
    method: request.method.slice(0, 32),
    host: toHostName(findings.host).slice(0, 255),
    path: (config.telemetry.accessLog?.query === 'kept' ? target : redactAllValues(target)).slice(0, PATH_LIMIT),
    protocol: request.protocol === 'websocket' ? 'websocket' : `http/${request.httpVersion}`,
    route: findings.route?.id ?? null,
    upstream: findings.route?.upstream.name ?? null,
    target: exchange.target,
    subject: toRecordedSubject(findings.identity, config.auth.recordSubject),
    tries: exchange.tries.length,
    status,
    code: exchange.code,
    aborted: exchange.aborted,
    durationMs: round(durationMs),
    upstreamMs: exchange.upstreamMs === null ? null : round(exchange.upstreamMs),
    requestBytes: exchange.requestBytes,
    responseBytes: exchange.responseBytes,
    userAgent: findSingle(request.headers, 'user-agent')?.slice(0, USER_AGENT_LIMIT) ?? null,
    // Only of what an operator sent again: readers that do not know it need not skip it in each line.
    ...(exchange.replayOf === null ? {} : { replayOf: exchange.replayOf }),
  })}\n`;
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/** Everything but printable ASCII, as far as JSON leaves it alone: a C1 control would act on a terminal that shows the line. */
const UNSAFE = /[\x7f-\uffff]/g;

export function toSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
