// The header fields that an upstream gets: the client's without what belongs to the hop, then ours.
import { type HeaderList, hasHeader, valuesOf } from './headerList.ts';
import { withoutHopByHop } from './hopByHop.ts';
import { type TraceContext, toTraceparent } from './traceContext.ts';

/** What only a trusted proxy may say about a client; X-Original-URL and X-Rewrite-URL move a request past its checks. */
const PROXY_ONLY = new Set([
  'forwarded',
  'x-real-ip',
  'x-forwarded-prefix',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-original-url',
  'x-rewrite-url',
]);
/** Ours to write: framing, host, and the fields that the lines below add. */
const REPLACED = new Set([
  'host',
  'content-length',
  'expect',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-request-id',
  'traceparent',
  'tracestate',
  'baggage',
]);

interface ForwardingFacts {
  readonly headers: HeaderList;
  /** Host and port of the upstream, as configured. */
  readonly upstreamAuthority: string;
  readonly requestId: string;
  readonly trace: TraceContext;
  /** Of the try that these fields are for. */
  readonly spanId: string;
  /** From the client to the peer, as findClientAddress gives it. */
  readonly chain: readonly string[];
  readonly peerIsTrusted: boolean;
  /** The authority that the client asked for. */
  readonly host: string;
  readonly localPort: number;
  /** null when chunked, 0 when there is no body. */
  readonly bodyBytes: number | null;
}

export function toUpstreamHeaders(facts: ForwardingFacts): [string, string][] {
  const { headers, peerIsTrusted } = facts;
  const kept = withoutHopByHop(headers).filter(([name]) => {
    const lower = name.toLowerCase();
    if (REPLACED.has(lower) || lower.startsWith('x-gatehouse-')) return false;
    return peerIsTrusted || !PROXY_ONLY.has(lower);
  });
  const said = (name: string, pattern: RegExp): string | undefined => {
    const value = peerIsTrusted ? valuesOf(headers, name)[0]?.trim() : undefined;
    return value !== undefined && pattern.test(value) ? value : undefined;
  };
  const host = said('x-forwarded-host', /^[A-Za-z0-9.:[\]_-]{1,255}$/) ?? facts.host;
  const ours: [string, string][] = [
    ['host', facts.upstreamAuthority],
    ['x-forwarded-for', facts.chain.join(', ')],
    ['x-forwarded-proto', said('x-forwarded-proto', /^https?$/) ?? 'http'],
    ['x-forwarded-port', said('x-forwarded-port', /^\d{1,5}$/) ?? /:(\d+)$/.exec(host)?.[1] ?? String(facts.localPort)],
    ['x-request-id', facts.requestId],
    ['traceparent', toTraceparent(facts.trace, facts.spanId)],
  ];
  if (facts.trace.tracestate !== '') ours.push(['tracestate', facts.trace.tracestate]);
  if (facts.trace.baggage !== '') ours.push(['baggage', facts.trace.baggage]);
  if (host !== '') ours.push(['x-forwarded-host', host]);
  if (facts.bodyBytes !== null && facts.bodyBytes > 0) ours.push(['content-length', String(facts.bodyBytes)]);
  return [...kept, ...ours];
}

/** An id that a trusted proxy gave is kept, so that its log and ours name the same request. */
export function findRequestId(headers: HeaderList, peerIsTrusted: boolean): string | undefined {
  const value = peerIsTrusted ? valuesOf(headers, 'x-request-id')[0] : undefined;
  return value !== undefined && /^[A-Za-z0-9._-]{8,128}$/.test(value) ? value : undefined;
}

const DEMO_HEADER = 'x-gatehouse-demo';

export function isDemo(headers: HeaderList): boolean {
  return hasHeader(headers, DEMO_HEADER);
}
