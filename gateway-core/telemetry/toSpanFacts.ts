import type { Exchange } from '../exchange/exchange.ts';
import { findSingle, valuesOf } from '../headers/headerList.ts';
import { toRoutePattern } from '../routes/matchRoute.ts';
import { redactAllValues } from '../tap/redact.ts';
import type { SpanFacts } from './spanFacts.ts';

/** Of a finished exchange; only called for sampled ones. */
export function toSpanFacts(exchange: Exchange, durationMs: number): SpanFacts {
  const { request, findings, revision, trace, tries } = exchange;
  const { route, canonicalPath, forwardedPath, query } = findings;
  const { redaction, config } = revision;
  const hide = config.telemetry.traces?.query === 'kept' ? redaction.target : redactAllValues;
  const shownQuery = hide(query);
  const last = tries.at(-1);
  // The answer's body belongs to the try that brought it; one that never ended ended with its exchange.
  if (last && last.failure === null) last.endMs = durationMs;
  return {
    trace,
    requestId: exchange.id,
    at: exchange.at,
    durationMs,
    method: request.method,
    scheme: exchange.peerIsTrusted && isHttps(request.headers) ? 'https' : 'http',
    host: findings.host,
    path: redaction.target(canonicalPath ?? request.target.replace(/\?.*$/s, '')),
    query: shownQuery,
    httpVersion: request.httpVersion,
    client: request.client,
    peer: exchange.peer.address,
    userAgent: findSingle(request.headers, 'user-agent') ?? null,
    route: route && { id: route.id, pattern: toRoutePattern(route, canonicalPath ?? '/') },
    upstream: route && {
      name: route.upstream.name,
      authority: route.upstream.authority,
      scheme: route.upstream.secure ? 'https' : 'http',
    },
    // It ends in the query that came, byte for byte.
    forwardedTarget:
      forwardedPath && redaction.target(forwardedPath.slice(0, forwardedPath.length - query.length) + shownQuery),
    status: exchange.status,
    code: exchange.code,
    aborted: exchange.aborted,
    replayOf: exchange.replayOf,
    tries,
  };
}

function isHttps(headers: Exchange['request']['headers']): boolean {
  return valuesOf(headers, 'x-forwarded-proto')[0]?.trim() === 'https';
}
