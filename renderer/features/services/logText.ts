// A log line as message and fields. Pure. The text is untrusted: it is only ever shown as text.
import type { LogLine } from '../../../app/contract/index.ts';

export interface LogText {
  message: string;
  /** What a JSON line says besides, in its order. */
  fields: [name: string, value: string][];
}

const messageNames = ['msg', 'message', 'event'];
/** Shown elsewhere in the row, or the same in every line. */
const leftOut = new Set([
  'level',
  'severity',
  'lvl',
  'time',
  'timestamp',
  'ts',
  '@timestamp',
  'pid',
  'hostname',
  'service',
]);
const FIELDS = 24;

export function readLogText(text: string): LogText {
  const parsed = text.startsWith('{') ? parseObject(text) : null;
  if (!parsed) return { message: text, fields: [] };
  const messageName = messageNames.find((name) => typeof parsed[name] === 'string');
  const fields = Object.entries(parsed)
    .filter(([name]) => name !== messageName && !leftOut.has(name))
    .slice(0, FIELDS)
    .map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  return { message: messageName ? String(parsed[messageName]) : '', fields };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** For the clipboard: the moment and the line as it was written. */
export function toCopiedLine({ at, text }: LogLine): string {
  return `${new Date(at).toISOString()} ${text}`;
}
