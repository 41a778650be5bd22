// Answers of the gateway itself on an HTTP exchange.
import type { Exchange } from '../exchange/exchange.ts';
import type { FallbackReason } from '../fallback/fallbackSection.ts';
import { type Fallback, toFallbackReason } from '../fallback/fallbacks.ts';
import type { HeaderList } from '../headers/headerList.ts';
import { type GatewayProblem, toProblemResponse } from '../problem/catalogue.ts';
import type { Carrier } from './http1/clientConnection.ts';

/** How long and how much of a refused body is still read, so that the caller gets to see the answer. */
const LINGER_MS = 1_000;
const LINGER_BYTES = 1024 * 1024;

/** Answers a problem and finishes the exchange, also when the caller is already gone. */
export function answerProblem(exchange: Exchange, carrier: Carrier, problem: GatewayProblem): void {
  if (isGone(carrier)) return void exchange.abort();
  exchange.code = problem.code;
  exchange.note ??= problem.detail;
  const reason = toFallbackReason(problem.code);
  const fallback = reason && exchange.findFallback(reason);
  if (fallback) return void answerFallback(exchange, carrier, { fallback, reason, headers: problem.headers ?? [] });
  answerWhole(exchange, carrier, toProblemResponse(problem, exchange.id, exchange.findings.answerHeaders));
}

interface FallbackAnswer {
  readonly fallback: Fallback;
  readonly reason: FallbackReason;
  /** More fields, for example Retry-After. */
  readonly headers: HeaderList;
}

/** Answers what stands in for the upstream, and finishes the exchange. It is marked, so that nobody takes it for the real one. */
export function answerFallback(exchange: Exchange, carrier: Carrier, answer: FallbackAnswer): void {
  const { fallback, reason, headers } = answer;
  const { status, contentType, body } = fallback;
  exchange.noteFallback(reason);
  const list: [string, string][] = [
    ['content-type', contentType],
    ['content-length', String(body.length)],
    ['cache-control', 'no-store'],
    ['x-request-id', exchange.id],
    ['x-gatehouse-fallback', reason],
  ];
  for (const [name, value] of [...headers, ...exchange.findings.answerHeaders]) list.push([name, value]);
  answerWhole(exchange, carrier, { status, headers: list, body });
}

/** Answers what the configuration alone says. */
export function answerReply(exchange: Exchange, carrier: Carrier, { status, headers }: Reply): void {
  if (isGone(carrier)) return void exchange.abort();
  answerWhole(exchange, carrier, { status, headers: toReplyHeaders(exchange, status, headers), body: NOTHING });
}

export interface Reply {
  readonly status: number;
  readonly headers: HeaderList;
}

const NOTHING = Buffer.alloc(0);

/** 204 must not have a length (RFC 9110, 8.6); a redirect without one would be taken to end with the connection. */
export function toReplyHeaders(exchange: Exchange, status: number, headers: HeaderList): [string, string][] {
  const list = headers.map(([name, value]): [string, string] => [name, value]);
  if (status !== 204) list.push(['content-length', '0']);
  return [...list, ['x-request-id', exchange.id]];
}

interface WholeAnswer {
  readonly status: number;
  readonly headers: readonly [string, string][];
  readonly body: Buffer;
}

/** Whether nothing can be answered any more. */
export function isGone({ answer, connection }: Carrier): boolean {
  return answer.isHeadSent || answer.isClosed || connection.socket.destroyed;
}

function answerWhole(exchange: Exchange, carrier: Carrier, { status, headers, body }: WholeAnswer): void {
  const { answer } = carrier;
  const isUnread = !carrier.body.isComplete;
  // What follows on the connection is the rest of a body that nobody wants; it must never be read as a request.
  if (isUnread) answer.keepsAlive = false;
  exchange.status = status;
  exchange.responseHeaders = headers;
  exchange.responseBytes = body.length;
  answer.writeHead(status, headers);
  // As text it leaves with its head in one write.
  const text = body.toString('latin1');
  if (isUnread) endAfterLinger(carrier, text);
  else answer.end(text);
  exchange.finish();
}

/**
 * Closing while the caller still sends makes its kernel throw the answer away (a reset overtakes it), so the whole
 * answer is written at once, and the connection is closed when the body ends, at the latest after the bounds above.
 */
function endAfterLinger({ body, answer }: Carrier, text: string): void {
  let read = 0;
  const end = () => {
    clearTimeout(timer);
    answer.endLinger = null;
    body.leave();
    answer.end();
  };
  const onData = (chunk: Buffer) => {
    read += chunk.length;
    if (read > LINGER_BYTES) end();
  };
  const timer = setTimeout(end, LINGER_MS);
  answer.endLinger = end;
  answer.write(text);
  answer.flushHead();
  body.give({ onData, onEnd: end, onGone: end });
  body.resume();
}
