// Cuts clients that send a body, or take an answer, too slowly to be waited for (slow POST, slow read). Slow header fields
// are Node's to cut, by headersTimeout.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Connection, Connections } from './connections.ts';
import type { ServerLimits } from './serverSection.ts';

/** Two looks in the shortest window. */
const LOOK_EVERY_MS = 250;

interface PaceGuardOptions {
  readonly connections: Connections;
  /** Those in force when it looks. */
  readonly limits: () => ServerLimits;
  /** Answers a request whose body does not come; the connection is closed with the answer. */
  readonly onSlowBody: (connection: Connection) => void;
}

/** Looks only while the server listens. */
export function guardPace(server: Server, { connections, limits, onSlowBody }: PaceGuardOptions): void {
  function look(): void {
    const { minBytesPerSecond, slowWindowMs } = limits();
    if (minBytesPerSecond === 0) return;
    const at = {
      nowMs: performance.now(),
      windowMs: slowWindowMs,
      bytes: (minBytesPerSecond * slowWindowMs) / 1_000,
    };
    for (const connection of connections.all()) {
      const slowness = connection.findSlowness(at);
      if (slowness === undefined) continue;
      connections.cut[slowness] += 1;
      if (slowness === 'body') onSlowBody(connection);
      else cutAnswer(connection, at.bytes, slowWindowMs);
    }
  }

  server.on('listening', () => {
    const timer = setInterval(look, LOOK_EVERY_MS);
    timer.unref();
    server.once('close', () => clearInterval(timer));
  });
}

function cutAnswer({ running, upgraded, socket }: Connection, bytes: number, windowMs: number): void {
  const exchange = upgraded ?? running[0]?.exchange;
  if (exchange)
    exchange.note ??= `the caller took less than ${Math.round(bytes)} bytes of its answer in ${windowMs} ms`;
  // A reset: what the kernel holds for a client that does not read would otherwise stay there for minutes.
  (socket as Socket).resetAndDestroy();
}
