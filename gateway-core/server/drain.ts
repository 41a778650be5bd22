// Closing without losing a request: no new connections, idle ones end, running exchanges get their time.
import type { Server } from 'node:net';
import type { Connections } from './connections.ts';

/** How often a drain looks whether it is done; Node has no event for "no request is running". */
const LOOK_EVERY_MS = 20;

interface DrainOptions {
  readonly graceMs: number;
  readonly inFlight: () => number;
  readonly connections: Pick<Connections, 'closeIdle' | 'destroyAll'>;
}

/** After the last exchange: answers already written get this long to leave, and callers that are silent no longer. */
const FLUSH_MS = 500;

/** Resolves once nothing is in flight or the grace is over; true when nothing had to be cut. */
export async function drain(server: Server, { graceMs, inFlight, connections }: DrainOptions): Promise<boolean> {
  if (!server.listening) return true;
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      isClosed = true;
      resolve();
    });
  });
  const waitUntil = (isDone: () => boolean, limitMs: number) => closeIdleUntil(connections, isDone, limitMs);
  await waitUntil(() => inFlight() === 0, graceMs);
  const whole = inFlight() === 0;
  if (whole) await waitUntil(() => isClosed, FLUSH_MS);
  connections.destroyAll();
  await closed;
  return whole;
}

async function closeIdleUntil(
  connections: Pick<Connections, 'closeIdle'>,
  isDone: () => boolean,
  limitMs: number,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!isDone() && performance.now() < deadline) {
    connections.closeIdle();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
