// How a request says where it ends. Two readings of one request are a smuggled request (RFC 9112, 6.3 and 11.2), so
// whatever could be read in two ways is refused, beyond what Node's parser refuses by itself.
import { remember } from '../memo/remember.ts';
import { type HeaderList, valuesOf } from './headerList.ts';

interface FramingQuestion {
  readonly httpVersion: string;
  readonly headers: HeaderList;
}

export interface BodyFraming {
  readonly ok: true;
  readonly body: 'none' | 'chunked' | 'sized';
  /** null when chunked. */
  readonly lengthBytes: number | null;
}

interface FramingFault {
  readonly ok: false;
  readonly detail: string;
}

export type Framing = BodyFraming | FramingFault;

export function checkFraming({ httpVersion, headers }: FramingQuestion): Framing {
  const hosts = valuesOf(headers, 'host');
  if (hosts.length > 1) return refuse('it has several Host fields');
  if (hosts.length === 0 && httpVersion !== '1.0') return refuse('it has no Host field');
  if (hosts[0] !== undefined && !isHost(hosts[0])) return refuse('its Host is not a name or address with a port');
  return checkBodyFraming(httpVersion, valuesOf(headers, 'transfer-encoding'), valuesOf(headers, 'content-length'));
}

const WITHOUT_BODY: BodyFraming = { ok: true, body: 'none', lengthBytes: 0 };
const CHUNKED: BodyFraming = { ok: true, body: 'chunked', lengthBytes: null };

/** Of all values of Transfer-Encoding and of Content-Length. The server reads by it, and the stages judge by it. */
export function checkBodyFraming(
  httpVersion: string,
  encodings: readonly string[],
  lengths: readonly string[],
): Framing {
  if (encodings.length > 0) {
    if (lengths.length > 0) return refuse('it has both Transfer-Encoding and Content-Length');
    if (httpVersion === '1.0') return refuse('it has a Transfer-Encoding, which HTTP/1.0 does not know');
    if (encodings.length > 1 || encodings[0]?.toLowerCase() !== 'chunked')
      return refuse('its Transfer-Encoding is not exactly "chunked"');
    return CHUNKED;
  }
  if (lengths.length === 0) return WITHOUT_BODY;
  if (lengths.length > 1) return refuse('it has several Content-Length fields');
  const length = lengths[0] ?? '';
  if (!/^\d{1,15}$/.test(length)) return refuse('its Content-Length is not a number');
  return { ok: true, body: Number(length) === 0 ? 'none' : 'sized', lengthBytes: Number(length) };
}

function refuse(detail: string): FramingFault {
  return { ok: false, detail };
}

/**
 * RFC 9110, 7.2: a name, an IPv4 address or a bracketed IPv6 address, and an optional port. Empty is allowed. Of what
 * RFC 3986, 3.2.2 lets a name have, escapes and `!$&'()*+,;=~` are refused: no host has them, and readers disagree on them.
 */
export function isHost(value: string): boolean {
  return /^(?:[A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/.test(value);
}

/** The one form in which hosts are compared: lower case, without the port and without the root's dot. */
export const toHostName = remember((authority) => authority.toLowerCase().replace(/\.?(?::\d*)?$/, ''));
