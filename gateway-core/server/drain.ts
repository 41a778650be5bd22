// Closing without losing a request: no new connections, idle ones end, running exchanges get their time.
import type { Server } from 'node:http';

/** How often a drain looks whether it is done; Node has no event for "no request is running". */
const LOOK_EVERY_MS = 20;

export interface DrainOptions {
  readonly graceMs: number;
  readonly inFlight: () => number;
}

/** Resolves once nothing is in flight or the grace is over; true when nothing had to be cut. */
export async function drain(server: Server, { graceMs, inFlight }: DrainOptions): Promise<boolean> {
  const closed = server.listening ? new Promise<void>((resolve) => server.close(() => resolve())) : Promise.resolve();
  const deadline = performance.now() + graceMs;
  while (inFlight() > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    server.closeIdleConnections();
  }
  const whole = inFlight() === 0;
  server.closeIdleConnections();
  // A connection may be between its last answer and its end; those still busy after the grace are cut.
  server.closeAllConnections();
  await closed;
  return whole;
}
