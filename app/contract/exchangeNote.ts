import type { Exchange } from './shapes/gateway.ts';

/** What an exchange came to in a few words: the gateway's own, else its code, else nothing. */
export function toNote(exchange: Exchange): string {
  // A flood of these says the same in each row, but for the seconds that are left.
  if (exchange.code === 'breaker-open') return 'breaker open';
  if (exchange.note !== null) return exchange.note;
  if (exchange.code !== null) return exchange.code.replaceAll('-', ' ');
  if (exchange.status === null) return 'the caller went away';
  return exchange.protocol === 'websocket' ? 'websocket' : '';
}
