// The header fields that a client gets of an upstream's answer. An upstream is not trusted to write valid ones.
import type { HeaderList } from './headerList.ts';
import { withoutHopByHop } from './hopByHop.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Drops hop-by-hop fields and those that Node would refuse to write (a throw in mid-answer); adds the request id. */
export function toClientHeaders(headers: HeaderList, requestId: string): [string, string][] {
  const kept = withoutHopByHop(headers).filter(
    ([name, value]) => TOKEN.test(name) && FIELD_VALUE.test(value) && name.toLowerCase() !== 'x-request-id',
  );
  kept.push(['x-request-id', requestId]);
  return kept;
}

/** What must not come behind a body: it says how the body is to be read, or who may read it (RFC 9110, 6.5.1). */
const NEVER_TRAILERS = new Set([
  'age',
  'authorization',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'expires',
  'host',
  'location',
  'retry-after',
  'set-cookie',
  'vary',
  'www-authenticate',
]);

/** The trailer fields that a client gets. */
export function toClientTrailers(trailers: HeaderList): [string, string][] {
  return withoutHopByHop(trailers).filter(
    ([name, value]) => TOKEN.test(name) && FIELD_VALUE.test(value) && !NEVER_TRAILERS.has(name.toLowerCase()),
  );
}
