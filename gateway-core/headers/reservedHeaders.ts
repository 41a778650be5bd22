// Fields that the gateway alone writes or reads. A configuration may neither set nor remove them, nor route by them.
import { isHopByHop } from './hopByHop.ts';

const RESERVED = new Set([
  // Framing, and what a request is addressed to.
  'host',
  'content-length',
  'expect',
  'max-forwards',
  // Who a client is, which request and which trace this is.
  'forwarded',
  'via',
  'x-real-ip',
  'x-request-id',
  'x-original-url',
  'x-rewrite-url',
  'traceparent',
  'tracestate',
]);

const RESERVED_PREFIXES = ['x-forwarded-', 'x-gatehouse-', 'sec-websocket-'];

export function isReservedHeader(lowerName: string): boolean {
  return (
    RESERVED.has(lowerName) ||
    isHopByHop(lowerName) ||
    RESERVED_PREFIXES.some((reserved) => lowerName.startsWith(reserved))
  );
}
