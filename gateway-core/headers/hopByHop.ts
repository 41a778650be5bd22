// Fields that belong to one connection and are never forwarded (RFC 9110, 7.6.1).
import { type HeaderList, valuesOf } from './headerList.ts';

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'te',
  // Trailers of a request are dropped, so they must not be announced; an answer gets this field back where it has some.
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

export function isHopByHop(lowerName: string): boolean {
  return HOP_BY_HOP.has(lowerName);
}

/**
 * The names that the Connection field of these headers lists, in lower case; undefined when there is none. Leave those
 * out before adding any field of ours: a client that lists `x-forwarded-for` in Connection must not take ours away
 * (CVE-2026-33805).
 */
export function findConnectionListed(headers: HeaderList): ReadonlySet<string> | undefined {
  const connection = valuesOf(headers, 'connection');
  if (connection.length === 0) return undefined;
  return new Set(connection.flatMap((value) => value.split(',')).map((name) => name.trim().toLowerCase()));
}
