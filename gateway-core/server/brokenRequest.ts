// Bytes that are no request, or stop being one. What came before them on the connection is still answered, in its order.
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Core } from '../exchange/core.ts';
import { type GatewayProblem, toProblemResponse } from '../problem/catalogue.ts';
import { answerProblemOnSocket, writeResponse } from './answerSocket.ts';
import type { ClientConnection } from './http1/clientConnection.ts';

/** Nothing that follows can be told apart any more. */
export function onBrokenRequest(core: Core, connection: ClientConnection, problem: GatewayProblem): void {
  // The answer is there already, and only waits for the rest of the body that this was taken for.
  const endLinger = connection.running[0]?.answer.endLinger;
  if (endLinger) endLinger();
  else refuseRest(core, connection, problem);
}

/**
 * Answers a problem and closes, once the answers before it are written. When the bytes belong to the body of the last
 * request, it is the one that gets the problem.
 */
export function refuseRest(core: Core, connection: ClientConnection, problem: GatewayProblem): void {
  const last = connection.running.at(-1);
  const isBody = last !== undefined && !last.body.isComplete;
  connection.close();
  connection.onLeft(isBody ? 1 : 0, () => {
    const { socket, running } = connection;
    const current = running[0];
    if (socket.destroyed) return;
    // Its answer has begun; another one inside it would be read as part of it.
    if (current?.answer.isHeadSent) return void socket.destroy();
    const exchange = current?.exchange;
    if (exchange) {
      // An upstream that answers in this very moment must not write behind the problem.
      current.answer.detach();
      answerProblemOnSocket(exchange, socket, problem);
    } else answerUnknown(core, socket, problem);
  });
}

const UNREAD = {
  route: null,
  statusClass: '4xx',
  method: '',
  upstreamFailed: false,
  durationMs: 0,
  requestBytes: 0,
  responseBytes: 0,
  protocol: 'http',
} as const;

/** There is no request that could be trusted, so there is no exchange: it is counted only. */
function answerUnknown(core: Core, socket: Duplex, problem: GatewayProblem): void {
  const { status, headers, body } = toProblemResponse(problem, randomUUID());
  const observation = { ...UNREAD, status, code: problem.code };
  core.counters.observe(observation);
  core.metrics.observe(observation);
  writeResponse(socket, status, headers, body);
}
