// Problems on a bare socket: an upgrade that was not made, and requests that Node's parser refused.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Exchange } from '../exchange/exchange.ts';
import { type GatewayProblem, toProblemResponse } from '../problem/catalogue.ts';
import { type Reply, toReplyHeaders } from './answer.ts';

/** Answers, closes and finishes the exchange. */
export function answerProblemOnSocket(exchange: Exchange, socket: Duplex, problem: GatewayProblem): void {
  const { status, headers, body } = toProblemResponse(problem, exchange.id, exchange.findings.answerHeaders);
  exchange.status = status;
  exchange.code = problem.code;
  exchange.note ??= problem.detail;
  exchange.responseHeaders = headers;
  exchange.responseBytes = body.length;
  writeResponse(socket, status, headers, body);
  exchange.finish();
}

/** As answerReply, on a bare socket. */
export function answerReplyOnSocket(exchange: Exchange, socket: Duplex, { status, headers }: Reply): void {
  const list = toReplyHeaders(exchange, status, headers);
  exchange.status = status;
  exchange.responseHeaders = list;
  writeResponse(socket, status, list, Buffer.alloc(0));
  exchange.finish();
}

/** Status line and fields of an answer that ends with the connection. */
export function writeHead(socket: Duplex, status: number, headers: readonly (readonly [string, string])[]): void {
  const lines = [...headers, ['connection', 'close'] as const].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n`, 'latin1');
}

/** Writes a whole response and closes the connection once it is on its way. */
export function writeResponse(
  socket: Duplex,
  status: number,
  headers: readonly (readonly [string, string])[],
  body: Buffer,
): void {
  if (socket.destroyed || !socket.writable) return void socket.destroy();
  writeHead(socket, status, headers);
  // Duplex has no destroySoon in its type; every socket does.
  socket.end(body, () => socket.destroy());
}
