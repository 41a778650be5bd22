import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes, and waits while the client is slower than the writer. */
export async function writeBounded(output: Writable, chunk: Buffer | string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || output.write(chunk)) return;
  // Rejects when the client goes; the caller's loop looks at the signal.
  await once(output, 'drain', { signal }).catch(() => {});
}
