// What an exchange came to, in a level and in words. Pure.
import type { Exchange, Level } from '../../../app/contract/index.ts';

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

/** The note of a row: the gateway's words, else its code, else nothing. */
export function toNote(exchange: Exchange): string {
  // A flood of these says the same in each row, but for the seconds that are left.
  if (exchange.code === 'breaker-open') return 'breaker open';
  if (exchange.note !== null) return exchange.note;
  if (exchange.code !== null) return exchange.code.replaceAll('-', ' ');
  if (exchange.status === null) return 'the caller went away';
  return exchange.protocol === 'websocket' ? 'websocket' : '';
}

/** The service behind an upstream's address: `search` of `search:8002` (in compose its name is its host name). */
export function toServiceName(upstream: string): string {
  return upstream.replace(/:\d+$/, '');
}
