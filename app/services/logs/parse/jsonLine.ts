// A line that is a JSON object: pino, bunyan, zap, zerolog, ECS, structlog, our services, and access logs without a message.
import { cleanText } from '../../docker/styledText.ts';
import { findIds, type LineParts, toLevel, toRequestId, toStatusLevel } from './lineParts.ts';

const levelNames = ['level', 'severity', 'lvl', 'levelname', 'log.level', 'loglevel', '@l'];
const messageNames = ['msg', 'message', '@m', 'event'];
/** Shown beside the line, or the same in every one. */
const leftOut = new Set([
  ...levelNames,
  'time',
  'timestamp',
  'ts',
  '@timestamp',
  '@t',
  'datetime',
  'pid',
  'hostname',
  'service',
]);
const fieldLimit = 24;
const valueLimit = 500;

/** undefined for what is no JSON object; a cut line is none either. */
export function readJsonLine(text: string): LineParts | undefined {
  const object = parseObject(text);
  if (!object) return undefined;
  const own = (name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);
  const levelName = levelNames.find((name) => own(name) !== undefined);
  const messageName = messageNames.find((name) => typeof own(name) === 'string');
  const ids = findIds(toEntries(object));
  // The gateway's access line calls the request's id just `id`.
  if (own('log') === 'access' && typeof own('id') === 'string') ids.requestId ??= toRequestId(String(own('id')));
  const fields = Object.entries(object)
    .filter(([name]) => name !== messageName && !leftOut.has(name))
    .slice(0, fieldLimit)
    .map(([name, value]): [string, string] => [cleanText(name).slice(0, 100), toText(value)]);
  return {
    level: toLevel(levelName === undefined ? nested(object, 'log', 'level') : own(levelName)) ?? levelOfAccess(own),
    message: messageName === undefined ? toAccessMessage(own) : cleanText(String(own(messageName))),
    fields,
    traceId: ids.traceId,
    requestId: ids.requestId,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  // A cut or a plain line is not worth a parse.
  if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function nested(object: Record<string, unknown>, outer: string, inner: string): unknown {
  const value = Object.hasOwn(object, outer) ? object[outer] : undefined;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, inner)
    ? (value as Record<string, unknown>)[inner]
    : undefined;
}

/** ECS writes `trace.id` as one name or as an object in an object. */
function toEntries(object: Record<string, unknown>): [string, unknown][] {
  return [...Object.entries(object), ['trace.id', nested(object, 'trace', 'id')]];
}

function toText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return cleanText(text.slice(0, valueLimit));
}

type Own = (name: string) => unknown;

function statusOf(own: Own): number {
  const status = own('status') ?? own('status_code');
  return typeof status === 'number' || (typeof status === 'string' && status !== '') ? Number(status) : Number.NaN;
}

/** Without a level, the status of an access log says how it went. */
function levelOfAccess(own: Own): LineParts['level'] {
  const hasRequest = own('method') !== undefined || own('request_method') !== undefined;
  return hasRequest ? toStatusLevel(statusOf(own)) : null;
}

/** `GET /api/x → 503 breaker-open`. */
function toAccessMessage(own: Own): string {
  const method = own('method') ?? own('request_method');
  const path = own('path') ?? own('uri') ?? own('url');
  if (typeof method !== 'string' || typeof path !== 'string') return '';
  const status = statusOf(own);
  const code = own('code');
  const result = [Number.isNaN(status) ? 'no answer' : String(status), ...(typeof code === 'string' ? [code] : [])];
  return cleanText(`${method} ${path} → ${result.join(' ')}`);
}
