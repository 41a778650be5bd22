// Answers of the gateway itself on an HTTP exchange.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from '../exchange/exchange.ts';
import type { FallbackReason } from '../fallback/fallbackSection.ts';
import type { Fallback } from '../fallback/fallbacks.ts';
import { toFallbackReason } from '../fallback/fallbacks.ts';
import { type GatewayProblem, toProblemResponse } from '../problem/catalogue.ts';

export interface Carrier {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** How long and how much of a refused body is still read, so that the caller gets to see the answer. */
const LINGER_MS = 1_000;
const LINGER_BYTES = 1024 * 1024;

/** Answers a problem and finishes the exchange, also when the caller is already gone. */
export function answerProblem(exchange: Exchange, { req, res }: Carrier, problem: GatewayProblem): void {
  if (res.headersSent || res.destroyed || req.socket.destroyed) {
    exchange.aborted = true;
    exchange.finish();
    return;
  }
  exchange.code = problem.code;
  exchange.note ??= problem.detail;
  const reason = toFallbackReason(problem.code);
  const fallback = reason && exchange.findFallback(reason);
  if (fallback)
    return void answerFallback(exchange, { req, res }, { fallback, reason, headers: problem.headers ?? [] });
  const { status, headers, body } = toProblemResponse(problem, exchange.id);
  writeOwn(exchange, { req, res }, { status, headers, body });
}

interface FallbackAnswer {
  readonly fallback: Fallback;
  readonly reason: FallbackReason;
  /** More fields, for example Retry-After. */
  readonly headers: readonly (readonly [string, string])[];
}

/** Answers what stands in for the upstream, and finishes the exchange. It is marked, so that nobody takes it for the real one. */
export function answerFallback(
  exchange: Exchange,
  carrier: Carrier,
  { fallback, reason, headers }: FallbackAnswer,
): void {
  const { status, contentType, body } = fallback;
  exchange.noteFallback(reason);
  const list: [string, string][] = [
    ['content-type', contentType],
    ['content-length', String(body.length)],
    ['cache-control', 'no-store'],
    ['x-request-id', exchange.id],
    ['x-gatehouse-fallback', reason],
    ...headers.map(([name, value]): [string, string] => [name, value]),
  ];
  writeOwn(exchange, carrier, { status, headers: list, body });
}

interface OwnAnswer {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: Buffer;
}

function writeOwn(exchange: Exchange, { req, res }: Carrier, { status, headers, body }: OwnAnswer): void {
  const unread = hasUnreadBody(req);
  // What follows on the connection is the rest of a body that nobody wants; it must never be read as a request.
  if (unread) headers.push(['connection', 'close']);
  exchange.status = status;
  exchange.responseHeaders = headers;
  exchange.responseBytes = body.length;
  res.writeHead(status, headers.flat());
  if (unread) endAfterLinger({ req, res }, body);
  else res.end(body);
  exchange.finish();
}

/** Answers that are written whole and wait for the rest of a body; each with what ends the wait. */
const lingering = new WeakMap<ServerResponse, () => void>();

/** Ends a wait early, for example because the rest turned out not to be HTTP. False when there was none. */
export function endLinger(res: ServerResponse): boolean {
  const end = lingering.get(res);
  end?.();
  return end !== undefined;
}

function hasUnreadBody(req: IncomingMessage): boolean {
  return (
    !req.complete && (req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined)
  );
}

/**
 * Closing while the caller still sends makes its kernel throw the answer away (a reset overtakes it), so the whole
 * answer is written at once, and the connection is closed when the body ends, at the latest after the bounds above.
 */
function endAfterLinger({ req, res }: Carrier, body: Buffer): void {
  let read = 0;
  const end = () => {
    clearTimeout(timer);
    lingering.delete(res);
    req.off('data', count).off('end', end).off('close', end);
    res.end();
  };
  const count = (chunk: Buffer) => {
    read += chunk.length;
    if (read > LINGER_BYTES) end();
  };
  const timer = setTimeout(end, LINGER_MS);
  lingering.set(res, end);
  res.write(body);
  req.on('data', count).on('end', end).on('close', end);
  req.resume();
}
