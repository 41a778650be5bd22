// What an exchange came to, in a level and in words. Pure.
import type { Level } from '../../../app/contract/index.ts';

export function toStatusLevel(status: number | null): Level {
  if (status === null) return 'unknown';
  if (status >= 500) return 'down';
  if (status >= 400) return 'degraded';
  return 'ok';
}

/** `503`, or `gone` when the caller went away before an answer. */
export function toStatusText(status: number | null): string {
  return status === null ? 'gone' : String(status);
}

/** The service behind an upstream's address: `search` of `search:8002` (in compose its name is its host name). */
export function toServiceName(upstream: string): string {
  return upstream.replace(/:\d+$/, '');
}
