// W3C Trace Context, level 2: https://www.w3.org/TR/trace-context-2/, and W3C Baggage, which travels beside it.
import { randomFillSync } from 'node:crypto';
import { toBaggage } from './baggage.ts';
import { type HeaderList, valuesOf } from './headerList.ts';
import { toTracestate } from './tracestate.ts';

const SAMPLED = 0x01;
/** The right half of the trace id is random (section 3.2.2.3.2): said only of ids that we made. */
const RANDOM = 0x02;

export interface TraceContext {
  readonly traceId: string;
  /** Of the gateway's own span, the parent of each try's. */
  readonly spanId: string;
  /** The span of the caller; null when the trace begins here. */
  readonly parentId: string | null;
  /** As two hex digits in the traceparent that upstreams get. */
  readonly flags: number;
  readonly sampled: boolean;
  /** Fields for upstreams; empty when there is nothing to say. */
  readonly tracestate: string;
  readonly baggage: string;
  /** A trace that the caller is in, and that was not continued because the caller is not trusted with it. */
  readonly left: { readonly traceId: string; readonly spanId: string; readonly flags: number } | null;
}

/** Decides on traces that begin here; those of a caller keep the caller's decision. */
export interface RootSampling {
  isSampled(traceId: string): boolean;
  /** The tracestate of a sampled trace that begins here. */
  readonly tracestate: string;
}

/** Where no tracing is configured, the services behind may still trace: they are told to. */
export const sampleAll: RootSampling = { isSampled: () => true, tracestate: '' };

export interface TraceOptions {
  readonly sampling: RootSampling;
  /** False: whatever the caller says of a trace is left behind, and a new one begins. */
  readonly isTrusted: boolean;
}

/** Continues a valid traceparent that stands exactly once, else begins a trace. Never throws. */
export function continueTrace(headers: HeaderList, { sampling, isTrusted }: TraceOptions): TraceContext {
  const found = collect(headers);
  const incoming = found.traceparents === 1 ? parseTraceparent(found.traceparent) : undefined;
  if (incoming === undefined || !isTrusted) {
    const traceId = takeRandomHex(16);
    const sampled = sampling.isSampled(traceId);
    return {
      traceId,
      spanId: takeRandomHex(8),
      parentId: null,
      flags: sampled ? RANDOM | SAMPLED : RANDOM,
      sampled,
      // A tracestate without the traceparent that it came with belongs to no trace (section 3.3).
      tracestate: sampled ? sampling.tracestate : '',
      baggage: isTrusted && found.hasBaggage ? toBaggage(valuesOf(headers, 'baggage')) : '',
      left: incoming ?? null,
    };
  }
  return {
    traceId: incoming.traceId,
    spanId: takeRandomHex(8),
    parentId: incoming.spanId,
    flags: incoming.flags,
    sampled: (incoming.flags & SAMPLED) !== 0,
    tracestate: found.hasTracestate ? toTracestate(valuesOf(headers, 'tracestate')) : '',
    baggage: found.hasBaggage ? toBaggage(valuesOf(headers, 'baggage')) : '',
    left: null,
  };
}

/** For an upstream: the same trace, with the span that asks it. */
export function toTraceparent({ traceId, flags }: TraceContext, spanId: string): string {
  return `00-${traceId}-${spanId}-0${flags.toString(16)}`;
}

export function createSpanId(): string {
  return takeRandomHex(8);
}

interface Found {
  traceparent: string;
  traceparents: number;
  hasTracestate: boolean;
  hasBaggage: boolean;
}

/** One pass by length of the name: most requests have none of the three. */
function collect(headers: HeaderList): Found {
  const found = { traceparent: '', traceparents: 0, hasTracestate: false, hasBaggage: false };
  for (const [name, value] of headers) {
    if (name.length === 11 && name.toLowerCase() === 'traceparent') {
      found.traceparent = value;
      found.traceparents += 1;
    } else if (name.length === 10) found.hasTracestate ||= name.toLowerCase() === 'tracestate';
    else if (name.length === 7) found.hasBaggage ||= name.toLowerCase() === 'baggage';
  }
  return found;
}

function parseTraceparent(value: string): { traceId: string; spanId: string; flags: number } | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(value.trim());
  if (!match) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  // Bits that version 00 does not know are passed on as zero (sections 3.2.2.5.3 and 4.2).
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & (SAMPLED | RANDOM) };
}

const ZEROS = '0'.repeat(32);

/** Made 4 KiB at a time: a call out of JavaScript for each id was the costliest line of a request. */
const pool = Buffer.alloc(4_096);
let digits = '';
let used = 0;

function takeRandomHex(bytes: number): string {
  if (used + 2 * bytes > digits.length) {
    digits = randomFillSync(pool).toString('hex');
    used = 0;
  }
  used += 2 * bytes;
  const hex = digits.slice(used - 2 * bytes, used);
  // All zeros mean "no id" (section 3.2.2.3); once in 2^64, yet not never.
  return ZEROS.startsWith(hex) ? takeRandomHex(bytes) : hex;
}
