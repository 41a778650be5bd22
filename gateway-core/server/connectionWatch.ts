// Looks now and then which clients are too slow to be waited for: with a request, with the next one, with a body (slow POST)
// or with taking an answer (slow read). One timer for all of them, since nearly every one of their deadlines is never due.
import type { Server } from 'node:net';
import type { Connections } from './connections.ts';
import type { ClientConnection } from './http1/clientConnection.ts';
import type { ServerLimits } from './serverSection.ts';

/** Two looks in the shortest window of a pace; everything here is late by as much. */
const LOOK_EVERY_MS = 250;
/** An idle connection is kept longer than the client is told, so that a request never meets its end. */
const KEEP_ALIVE_MARGIN_MS = 1_000;

interface WatchOptions {
  readonly connections: Connections;
  /** Those in force when it looks. */
  readonly limits: () => ServerLimits;
  /** Answers a request whose body comes too slowly; the connection is closed with the answer. */
  readonly onSlowBody: (connection: ClientConnection) => void;
  /** The same for one that did not come in its time. */
  readonly onLateRequest: (connection: ClientConnection) => void;
}

export interface ConnectionWatch {
  /** The time of the last look, as performance.now(): read for each request, it costs nothing. */
  readonly nowMs: number;
}

/** Looks only while the server listens. */
export function watchConnections(server: Server, options: WatchOptions): ConnectionWatch {
  const { connections, limits, onSlowBody, onLateRequest } = options;
  const watch = { nowMs: performance.now() };

  function look(): void {
    watch.nowMs = performance.now();
    const inForce = limits();
    for (const connection of connections.all()) {
      if (connections.upgraded.has(connection)) cutSlowReader(connection, inForce);
      else if (isIdleTooLong(connection, inForce)) connection.destroy();
      else if (isLate(connection, inForce)) onLateRequest(connection);
      else if (isBodySlow(connection, inForce)) {
        connections.cut.body += 1;
        onSlowBody(connection);
      } else cutSlowReader(connection, inForce);
    }
  }

  /** What began after a look counts from that look on, and is looked at no earlier than it is due. */
  const isOver = (sinceMs: number, limitMs: number) => watch.nowMs - sinceMs >= limitMs + LOOK_EVERY_MS;

  function isIdleTooLong({ isIdle, sinceMs }: ClientConnection, { keepAliveTimeoutMs }: ServerLimits): boolean {
    return isIdle && isOver(sinceMs, keepAliveTimeoutMs + KEEP_ALIVE_MARGIN_MS);
  }

  function isLate(
    { isInHead, isInBody, sinceMs }: ClientConnection,
    { headersTimeoutMs, requestTimeoutMs }: ServerLimits,
  ): boolean {
    if (isInHead) return isOver(sinceMs, headersTimeoutMs);
    return isInBody && requestTimeoutMs > 0 && isOver(sinceMs, requestTimeoutMs);
  }

  /** Of a body that waits for its upstream, not for its client, nothing is asked. */
  function isBodySlow({ isBodyAwaited, receiving, socket }: ClientConnection, inForce: ServerLimits): boolean {
    return isTooSlow(receiving, isBodyAwaited ? socket.bytesRead : null, inForce);
  }

  function cutSlowReader(connection: ClientConnection, inForce: ServerLimits): void {
    const { socket, sending, running } = connection;
    // bytesWritten counts what still waits in this process; what left it was taken by the client or its kernel.
    const taken = socket.writableLength > 0 ? socket.bytesWritten - socket.writableLength : null;
    if (!isTooSlow(sending, taken, inForce)) return;
    connections.cut.answer += 1;
    const exchange = connections.upgraded.get(connection) ?? running[0]?.exchange;
    const { slowWindowMs } = inForce;
    if (exchange)
      exchange.note ??= `the caller took less than ${Math.round(toBytes(inForce))} bytes of its answer in ${slowWindowMs} ms`;
    // A reset: what the kernel holds for a client that does not read would otherwise stay there for minutes.
    socket.resetAndDestroy();
  }

  function isTooSlow(pace: ClientConnection['sending'], total: number | null, inForce: ServerLimits): boolean {
    const bytes = toBytes(inForce);
    return bytes > 0 && pace.isTooSlow(total, { nowMs: watch.nowMs, windowMs: inForce.slowWindowMs, bytes });
  }

  server.on('listening', () => {
    const timer = setInterval(look, LOOK_EVERY_MS);
    timer.unref();
    server.once('close', () => clearInterval(timer));
  });
  return watch;
}

/** How many bytes have to move in one window. */
function toBytes({ minBytesPerSecond, slowWindowMs }: ServerLimits): number {
  return (minBytesPerSecond * slowWindowMs) / 1_000;
}
