// Fields behind the body of an answer (RFC 9110, 6.5). Those of a request are dropped, which section 6.5.1 allows.
import { type HeaderList, hasHeader, isValidField } from './headerList.ts';
import { isReservedHeader } from './reservedHeaders.ts';

/** Section 6.5.1: what says how to read, route, store or believe a message comes too late behind it. */
const TOO_LATE = new Set([
  'age',
  'authorization',
  'cache-control',
  'content-encoding',
  'content-range',
  'content-type',
  'date',
  'expires',
  'location',
  'retry-after',
  'set-cookie',
  'vary',
  'warning',
  'www-authenticate',
]);

/** Whether the answer is sent in chunks, which alone can carry trailers. Node throws at a Trailer field anywhere else. */
export function canHaveTrailers(
  facts: { readonly status: number; readonly method: string; readonly httpVersion: string },
  headers: HeaderList,
): boolean {
  const { status, method, httpVersion } = facts;
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD' || httpVersion !== '1.1') return false;
  return !hasHeader(headers, 'content-length');
}

/** What of an upstream's trailers a client may get. */
export function toClientTrailers(trailers: HeaderList): [string, string][] {
  return trailers.flatMap(([name, value]): [string, string][] => {
    const lower = name.toLowerCase();
    return isReservedHeader(lower) || TOO_LATE.has(lower) || !isValidField(name, value) ? [] : [[name, value]];
  });
}
