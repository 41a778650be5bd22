// What the readers of all formats give, and what they share. Pure. Lines are untrusted: each reader looks at a bounded
// beginning, with patterns that begin at the first character and have one way to match.
import type { LogLevel } from '../../../contract/index.ts';

export interface LineParts {
  level: LogLevel | null;
  message: string;
  fields: [name: string, value: string][];
  traceId: string | null;
  requestId: string | null;
}

/** Short words that loggers call their levels, of many families. */
const levels: Readonly<Record<string, LogLevel>> = {
  trace: 'debug',
  verbose: 'debug',
  debug: 'debug',
  debug1: 'debug',
  debug2: 'debug',
  debug3: 'debug',
  debug4: 'debug',
  debug5: 'debug',
  noise: 'debug',
  fine: 'debug',
  info: 'info',
  information: 'info',
  informational: 'info',
  log: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  eror: 'error',
  severe: 'error',
  crit: 'error',
  critical: 'error',
  alert: 'error',
  emerg: 'error',
  emergency: 'error',
  fatal: 'error',
  panic: 'error',
};

export function toLevel(value: unknown): LogLevel | null {
  if (typeof value === 'string') {
    const word = value.trim().toLowerCase();
    return Object.hasOwn(levels, word)
      ? (levels[word] ?? null)
      : /^\d{1,3}$/.test(word)
        ? fromNumber(Number(word))
        : null;
  }
  return typeof value === 'number' ? fromNumber(value) : null;
}

/** pino's and bunyan's: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
function fromNumber(value: number): LogLevel | null {
  if (value < 10 || value > 60) return null;
  if (value >= 50) return 'error';
  if (value >= 40) return 'warn';
  return value >= 30 ? 'info' : 'debug';
}

/** What an access log says by its status: what failed here, what the caller did wrong, the rest. */
export function toStatusLevel(status: number): LogLevel | null {
  if (!(status >= 100 && status <= 599)) return null;
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

/** Of a trace: 16 or 32 hexadecimal digits, not all zero. */
export function toTraceId(value: unknown): string | null {
  if (typeof value !== 'string' || !/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i.test(value) || /^0+$/.test(value)) return null;
  return value.toLowerCase();
}

const traceNames = ['traceid', 'trace_id', 'trace.id', 'dd.trace_id', 'otel.trace_id'];
const requestNames = ['request_id', 'requestid', 'req_id', 'reqid', 'x-request-id', 'x_request_id', 'http.request.id'];
/** W3C Trace Context, section 3.2: version, trace, parent, flags. */
const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

export interface Ids {
  traceId: string | null;
  requestId: string | null;
}

/** From names and values, whatever wrote them. */
export function findIds(entries: Iterable<readonly [string, unknown]>): Ids {
  const ids: Ids = { traceId: null, requestId: null };
  for (const [written, value] of entries) {
    const name = written.toLowerCase();
    if (traceNames.includes(name)) ids.traceId ??= toTraceId(value);
    else if (name === 'traceparent' && typeof value === 'string')
      ids.traceId ??= toTraceId(traceparent.exec(value)?.[1]);
    else if (requestNames.includes(name) && typeof value === 'string') ids.requestId ??= toRequestId(value);
  }
  return ids;
}

export function toRequestId(value: string): string | null {
  return value !== '' && value.length <= 128 ? value : null;
}

/** Names in plain text, as `trace_id=4bf9…` or `[traceId: 4bf9…]`. */
const writtenTrace = /\btrace[._ -]?id["']?\s?[=:]\s?["']?([0-9a-f]{16,32})\b/i;
const writtenRequest = /\breq(?:uest)?[._ -]?id["']?\s?[=:]\s?["']?([\w.:-]{1,128})/i;

export function findIdsInText(text: string): Ids {
  // Most lines have neither.
  if (!/trace|req/i.test(text)) return { traceId: null, requestId: null };
  return { traceId: toTraceId(writtenTrace.exec(text)?.[1]), requestId: writtenRequest.exec(text)?.[1] ?? null };
}
