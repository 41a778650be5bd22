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
  // Trailers are not forwarded, so they must not be announced either.
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/**
 * The list without hop-by-hop fields and without those that its own Connection field names. Call it before adding any
 * field of ours: a client that lists `x-forwarded-for` in Connection must not take ours away (CVE-2026-33805).
 */
export function withoutHopByHop(headers: HeaderList): [string, string][] {
  const connection = valuesOf(headers, 'connection');
  const listed =
    connection.length === 0
      ? undefined
      : new Set(connection.flatMap((value) => value.split(',')).map((name) => name.trim().toLowerCase()));
  const kept: [string, string][] = [];
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !listed?.has(lower)) kept.push([name, value]);
  }
  return kept;
}
