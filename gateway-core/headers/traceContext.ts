// W3C Trace Context, level 2: https://www.w3.org/TR/trace-context/
import { randomFillSync } from 'node:crypto';
import { findSingle, type HeaderList } from './headerList.ts';

export interface TraceContext {
  readonly traceId: string;
  /** The header for the upstream: the same trace, a span of our own. */
  readonly traceparent: string;
  /** Whether the client's trace is continued; its tracestate is forwarded only then (section 3.3). */
  readonly continued: boolean;
}

/** Continues a valid traceparent that stands exactly once, else begins a trace, which is sampled. */
export function continueTrace(headers: HeaderList): TraceContext {
  const incoming = parseTraceparent(findSingle(headers, 'traceparent'));
  const traceId = incoming?.traceId ?? takeRandomHex(16);
  const flags = incoming?.flags ?? '01';
  return {
    traceId,
    traceparent: `00-${traceId}-${takeRandomHex(8)}-${flags}`,
    continued: incoming !== undefined,
  };
}

function parseTraceparent(value: string | undefined): { traceId: string; flags: string } | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(value?.trim() ?? '');
  if (!match) return undefined;
  const [, version = '', traceId = '', parentId = '', flags = '', more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  // Of a newer version only the bits that version 00 knows may be passed on (section 4.2.1).
  return { traceId, flags: (Number.parseInt(flags, 16) & 0x03).toString(16).padStart(2, '0') };
}

/** Filled 4 KiB at a time: a call into the random generator for each id was the costliest line of a request. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

function takeRandomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
