import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Writes, and waits while the client is slower than the writer. */
export async function writeBounded(
  response: ServerResponse,
  chunk: Buffer | string,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted || response.write(chunk)) return;
  // Rejects when the client goes; the caller's loop looks at the signal.
  await once(response, 'drain', { signal }).catch(() => {});
}
