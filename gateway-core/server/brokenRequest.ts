// Bytes that are no request, or stop being one. What came before them on the connection is still answered, in its order.
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Core } from '../exchange/core.ts';
import { type GatewayProblem, toProblemResponse } from '../problem/catalogue.ts';
import { endLinger } from './answer.ts';
import { answerProblemOnSocket, writeResponse } from './answerSocket.ts';
import type { Connection } from './connections.ts';
import type { ServerLimits } from './serverSection.ts';

/** From Node's clientError. */
export function onClientError(core: Core, error: NodeJS.ErrnoException, connection: Connection): void {
  const { socket } = connection;
  const busy = (socket as { _httpMessage?: ServerResponse })._httpMessage;
  if (busy && endLinger(busy)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  // Who connected ahead of a request would take an answer that lies there already for the one to that request.
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && (socket as Socket).bytesRead === 0) return void socket.destroy();
  // Bytes behind a request that said "close" are nobody's; Node closes the connection with the answer.
  if (error.code === 'HPE_CLOSED_CONNECTION' && connection.running.length > 0) return;
  refuseRest(core, connection, toParserProblem(error, core.revision.config.server));
}

/**
 * Answers a problem and closes, once the answers before it are written. When the bytes belong to the body of the last
 * request, it is the one that gets the problem.
 */
export function refuseRest(core: Core, connection: Connection, problem: GatewayProblem): void {
  const last = connection.running.at(-1);
  const isBody = last !== undefined && !last.req.complete;
  connection.close();
  connection.onLeft(isBody ? 1 : 0, () => {
    const { socket, running } = connection;
    const current = running[0];
    if (socket.destroyed) return;
    // Its answer has begun; another one inside it would be read as part of it.
    if (current?.res.headersSent) return void socket.destroy();
    if (current) {
      // An upstream that answers in this very moment must not write behind the problem.
      current.res.detachSocket(socket as Socket);
      answerProblemOnSocket(current.exchange, socket, problem);
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

function toParserProblem(error: NodeJS.ErrnoException, limits: ServerLimits): GatewayProblem {
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return {
      code: 'headers-too-large',
      detail: `The header fields have more than ${limits.maxHeaderBytes} bytes or are more than ${limits.maxHeaders}.`,
    };
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { code: 'request-timeout', detail: 'The request did not arrive in time.' };
  return { code: 'bad-request', detail: 'The bytes are not a request in HTTP/1.1.' };
}
