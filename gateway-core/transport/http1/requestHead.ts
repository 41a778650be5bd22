// The head of a request as bytes of the wire (RFC 9112, 3). The last place where a line end could be smuggled in.
import { isFieldName } from '../../headers/fieldSyntax.ts';
import { isValidField } from '../../headers/headerList.ts';
import type { UpstreamRequest } from '../upstreamClient.ts';

const TARGET = /^\/[\x21-\x7e\x80-\xff]*$/;
/** A request with these has a body even when it is empty, and must say so (RFC 9110, 8.6). */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

export interface RequestHead {
  readonly text: string;
  readonly isChunked: boolean;
}

/** Latin1 text; `isChunked` when the body's length is not among the fields. Throws on what must never be written. */
export function toRequestHead({ method, path, headers, body }: UpstreamRequest): RequestHead {
  if (!TARGET.test(path) || !isFieldName(method))
    throw new Error(`${JSON.stringify(method)} ${JSON.stringify(path)} is not a request line`);
  let text = `${method} ${path} HTTP/1.1\r\n`;
  let hasLength = false;
  for (const [name, value] of headers) {
    if (!isValidField(name, value))
      throw new Error(`the field ${JSON.stringify(name)} has a name or value that cannot be written`);
    if (name.length === 14 && name.toLowerCase() === 'content-length') hasLength = true;
    text += `${name}: ${value}\r\n`;
  }
  const isChunked = body !== null && !hasLength;
  if (isChunked) text += 'transfer-encoding: chunked\r\n';
  else if (!hasLength && WITH_BODY.has(method)) text += 'content-length: 0\r\n';
  return { text: `${text}\r\n`, isChunked };
}
