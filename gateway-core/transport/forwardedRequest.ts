// What the upstream gets of an exchange.
import type { Route } from '../config/document.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { toUpstreamHeaders } from '../headers/requestHeaders.ts';
import type { ClientBody } from '../server/http1/clientBody.ts';
import type { Replica } from '../upstream/replica.ts';
import { RequestBody, WholeBody } from './requestBody.ts';
import type { UpstreamRequest } from './upstreamClient.ts';

export type ForwardedBody = RequestBody | WholeBody | null;

interface Forwarded {
  readonly route: Route;
  readonly replica: Replica;
  readonly body: ForwardedBody;
}

/** The same for every try but for the name that the replica is called by. */
export function toForwardedRequest(exchange: Exchange, { route, replica, body }: Forwarded): UpstreamRequest {
  const { bufferedBody, bodyBytes, forwardedPath } = exchange.findings;
  const headers = toExchangeHeaders(exchange, {
    route,
    replica,
    bodyBytes: bufferedBody ? bufferedBody.length : bodyBytes,
  });
  return { method: exchange.request.method, path: forwardedPath ?? '/', headers, body };
}

interface Told {
  readonly route: Route;
  readonly replica: Replica;
  /** null: not known before its end. */
  readonly bodyBytes: number | null;
}

/** What the upstream is told of an exchange, whichever way the exchange gets there. */
export function toExchangeHeaders(exchange: Exchange, { route, replica, bodyBytes }: Told): [string, string][] {
  const { findings, request, revision } = exchange;
  const { headers, isReserved, identityFields } = revision.auth.identity.describe(exchange, replica.endpoint.host);
  // Members one by one: behind a spread, V8 would add each of them to an object that grows.
  return toUpstreamHeaders({
    headers,
    isReserved,
    identityFields,
    method: request.method,
    httpVersion: request.httpVersion,
    upstreamAuthority: replica.endpoint.host,
    requestId: exchange.id,
    trace: exchange.trace,
    spanId: exchange.spanId,
    chain: exchange.chain,
    peerIsTrusted: exchange.peerIsTrusted,
    host: findings.host,
    localPort: exchange.peer.localPort,
    bodyBytes,
    forwarding: revision.config.forwarding,
    rules: route.headers.request,
    replayOf: exchange.replayOf,
  });
}

interface BodyOptions {
  readonly body: ClientBody;
  readonly route: Route;
  /** The body turned out to be larger than the route takes. */
  readonly onOverflow: () => void;
}

export function createForwardedBody(exchange: Exchange, { body, route, onOverflow }: BodyOptions): ForwardedBody {
  const { bufferedBody } = exchange.findings;
  if (bufferedBody) return bufferedBody.length > 0 ? new WholeBody(bufferedBody) : null;
  if (exchange.findings.bodyBytes === 0) return null;
  exchange.beginRequestBody();
  return new RequestBody(body, {
    limitBytes: route.bodyLimitBytes,
    keepBytes: route.retry?.bufferBytes ?? 0,
    onBytes: (total, chunk) => {
      exchange.requestBytes = total;
      exchange.requestPreview?.add(chunk);
    },
    onOverflow,
  });
}
