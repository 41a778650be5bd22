// One line of nginx's access log: the JSON that docs/edge.md gives to paste, with nginx's own names of variables as well,
// or `combined`. Whoever sends a request writes into these lines: what is not understood is undefined, never an error.

export interface AccessRecord {
  readonly format: 'json' | 'combined';
  /** $request_id, under which the gateway knows the same request; null: not said. */
  readonly requestId: string | null;
  /** Canonical, without its query; empty when the request line was none. */
  readonly path: string;
  readonly status: number;
  /** Until the last byte went to the client; null: not said. */
  readonly ms: number | null;
  readonly upstreamMs: number | null;
  /** Of the last upstream that was tried. */
  readonly upstreamStatus: number | null;
  /** null: the format does not say. */
  readonly wentUpstream: boolean | null;
  readonly isLimited: boolean;
  readonly host: string | null;
  /** `TLSv1.3`, or `plain`; null: not said. */
  readonly protocol: string | null;
}

const lineLimit = 16 * 1024;
const textLimit = 256;
/** nginx writes a status that never was as 000, which is no number of JSON. */
const statusOfNothing = /("status"\s*:\s*)0+(?=\s*[,}])/;
// Quotes inside of a field are written as \x22 by nginx, so that none ends a field early.
const combined = /^\S{1,256} \S{1,64} \S{1,256} \[[^\]]{1,64}\] "([^"]{0,8192})" (\d{3}) (?:\d+|-)(?: |$)/;

/** Bounded, and linear in the length of the line. */
export function parseAccessLine(line: string): AccessRecord | undefined {
  const text = line.slice(0, lineLimit).trimStart();
  return text.startsWith('{') ? parseJsonLine(text) : parseCombinedLine(text);
}

function parseJsonLine(text: string): AccessRecord | undefined {
  const said = toObject(text);
  if (!said) return undefined;
  const read = (...names: string[]) => findText(said, names);
  const status = toNumber(read('status'));
  const request = read('path', 'uri', 'request_uri', 'request');
  if (status === null || !Number.isInteger(status) || status > 999 || request === null) return undefined;
  const upstream = read('upstream', 'upstream_addr');
  const scheme = read('scheme');
  const tls = read('tls', 'ssl_protocol');
  return {
    format: 'json',
    requestId: toPresent(read('request_id'))?.slice(0, textLimit) ?? null,
    path: toPath(request),
    status,
    ms: toMs(read('seconds', 'request_time')),
    upstreamMs: toMs(read('upstream_seconds', 'upstream_response_time')),
    upstreamStatus: toNumber(lastOf(read('upstream_status'))),
    wentUpstream: upstream === null ? null : toPresent(upstream) !== null,
    isLimited: read('limited', 'limit_req_status') === 'REJECTED',
    host:
      toPresent(read('host', 'server_name', 'http_host'))
        ?.slice(0, textLimit)
        .toLowerCase() ?? null,
    protocol: toPresent(tls)?.slice(0, 16) ?? (tls === null && scheme !== 'http' ? null : 'plain'),
  };
}

function parseCombinedLine(text: string): AccessRecord | undefined {
  const [, request, status] = combined.exec(text) ?? [];
  if (request === undefined) return undefined;
  return {
    format: 'combined',
    requestId: null,
    path: toPath(request),
    status: Number(status),
    ms: null,
    upstreamMs: null,
    upstreamStatus: null,
    wentUpstream: null,
    isLimited: false,
    host: null,
    protocol: null,
  };
}

function toObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(statusOfNothing, '$10'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The first of these names that the line has, as text; null when it has none. */
function findText(said: Record<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(said, name) ? said[name] : undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
  }
  return null;
}

/** What nginx has no value for is empty, or a dash. */
const toPresent = (text: string | null): string | null => (text === null || text === '' || text === '-' ? null : text);

/** Of several upstreams that were tried, `502, 200` or `502 : 200` after an internal redirect. */
function lastOf(text: string | null): string | null {
  return text === null ? null : (text.split(/[,:]/).at(-1)?.trim() ?? null);
}

function toNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : null;
}

/** Seconds of each try, added up. */
function toMs(text: string | null): number | null {
  if (toPresent(text) === null) return null;
  const parts = (text ?? '')
    .slice(0, textLimit)
    .split(/[,:]/)
    .map((part) => toNumber(part.trim()));
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0) * 1000;
}

/** Of `GET /a/b?c HTTP/1.1` or of a path alone; empty where there is none. */
function toPath(request: string): string {
  const target = request.startsWith('/') ? request : (request.split(' ')[1] ?? '');
  return target.startsWith('/') ? (target.split(/[?#]/, 1)[0] ?? '') : '';
}
