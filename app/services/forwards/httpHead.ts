// The head of a request as a forwarded port has to understand it: to whom it is addressed, from which site it comes, and
// where its body ends. Pure.

export interface RequestHead {
  readonly method: string;
  /** Names in lower case, in the order they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** RFC 9110 section 9.1: a method is any token. */
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
const requestLine = new RegExp(`^(${token}{1,32}) [!-~\\x80-\\xff]+ HTTP/1\\.[01]$`);
const beginning = new RegExp(`^${token}{1,32}(?: (?:[!-~\\x80-\\xff]*(?: [HTP/1.0]*)?)?)?\\r?$`);
const headerLine = new RegExp(`^(${token}+):[ \\t]*(.*?)[ \\t]*$`);
const firstLineLimitBytes = 16 * 1024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Of the first bytes of a connection. `maybe`: its first line is not whole. */
export function looksLikeRequest(bytes: Buffer): 'yes' | 'no' | 'maybe' {
  const end = bytes.indexOf('\n');
  if (end !== -1) return requestLine.test(bytes.toString('latin1', 0, end).replace(/\r$/, '')) ? 'yes' : 'no';
  if (bytes.length > firstLineLimitBytes) return 'no';
  return beginning.test(bytes.toString('latin1')) ? 'maybe' : 'no';
}

/** Behind the empty line; −1 when it has not come. Lines may end without a carriage return, as servers take them. */
export function findHeadEnd(bytes: Buffer): number {
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at + 1] === lineFeed) return at + 2;
    if (bytes[at + 1] === carriageReturn && bytes[at + 2] === lineFeed) return at + 3;
  }
  return -1;
}

/** undefined when it is none of HTTP/1. */
export function parseHead(text: string): RequestHead | undefined {
  const [first = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const method = requestLine.exec(first)?.[1];
  if (method === undefined) return undefined;
  const headers: [string, string][] = [];
  for (const line of lines) {
    const [, name, value = ''] = headerLine.exec(line) ?? [];
    // A folded line (obs-fold, RFC 9112 section 5.2) could hide a header from us and not from the server.
    if (name === undefined) return undefined;
    headers.push([name.toLowerCase(), value]);
  }
  return { method, headers };
}

function valuesOf({ headers }: RequestHead, wanted: string): string[] {
  return headers.filter(([name]) => name === wanted).map(([, value]) => value);
}

/**
 * Why a request may not pass; null when it may. A browser always says which host it believes to speak to, and cannot be
 * made to say another one: where that is not this machine, a page has pointed its own name here.
 */
export function findFault(head: RequestHead, allowedHosts: readonly string[]): string | null {
  const hosts = valuesOf(head, 'host');
  if (hosts.length > 1) return 'it names several hosts';
  const [host] = hosts;
  // HTTP/1.0 has none, and no browser speaks it.
  if (host !== undefined && !isAllowedHost(host, allowedHosts)) {
    return `it is addressed to ${JSON.stringify(host.slice(0, 100))}, which is no name of this machine`;
  }
  return comesFromAnotherSite(head, allowedHosts) ? 'a page of another site has sent it' : null;
}

function isAllowedHost(authority: string, allowedHosts: readonly string[]): boolean {
  const name = authority.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
  const isLoopback =
    name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
  return isLoopback || allowedHosts.some((allowed) => allowed.toLowerCase() === name);
}

/** Following a link is what the console's own "open in the browser" does, and shows the answer to the reader alone. */
function comesFromAnotherSite(head: RequestHead, allowedHosts: readonly string[]): boolean {
  const [site] = valuesOf(head, 'sec-fetch-site');
  if (site !== undefined) {
    if (site !== 'cross-site') return false;
    const [mode, destination] = [valuesOf(head, 'sec-fetch-mode')[0], valuesOf(head, 'sec-fetch-dest')[0]];
    return !(mode === 'navigate' && destination === 'document' && (head.method === 'GET' || head.method === 'HEAD'));
  }
  const [origin] = valuesOf(head, 'origin');
  if (origin === undefined) return false;
  const from = URL.parse(origin);
  return from === null || !isAllowedHost(from.host, allowedHosts);
}

/** How much follows the head: bytes, chunks, or (`raw`) whatever comes, as after an upgrade. undefined: not clear. */
export function toFraming(head: RequestHead): number | 'chunks' | 'raw' | undefined {
  if (head.method === 'CONNECT' || valuesOf(head, 'upgrade').length > 0) return 'raw';
  const lengths = valuesOf(head, 'content-length');
  const codings = valuesOf(head, 'transfer-encoding');
  if (codings.length > 0) {
    // RFC 9112 section 6.1: both together, or another coding, is how one request is smuggled in another.
    return codings.length === 1 && codings[0]?.toLowerCase() === 'chunked' && lengths.length === 0
      ? 'chunks'
      : undefined;
  }
  if (lengths.length === 0) return 0;
  const [length = ''] = lengths;
  return lengths.length === 1 && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}
