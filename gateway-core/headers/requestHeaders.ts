// The header fields that an upstream gets: the client's without what belongs to the hop, then ours.
import type { ForwardedIdentity } from '../auth/upstreamIdentity.ts';
import { remember } from '../memo/remember.ts';
import { REPLAY_HEADER } from '../replay/replays.ts';
import { formatForwarded } from './forwarded.ts';
import { type HeaderList, hasHeader, valuesOf } from './headerList.ts';
import type { Forwarding, HeaderRules } from './headersSection.ts';
import { findConnectionListed, isHopByHop } from './hopByHop.ts';
import { type TraceContext, toTraceparent } from './traceContext.ts';

/** What only a trusted proxy may say about a client; X-Original-URL and X-Rewrite-URL move a request past its checks. */
const PROXY_ONLY = new Set([
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'x-host',
  'x-original-host',
  'x-original-url',
  'x-rewrite-url',
]);
/** Ours to write: framing, host, and the fields that the lines below add. */
const REPLACED = new Set([
  'host',
  'content-length',
  'expect',
  // No proxy of ours reads it, and one that does not write it lets a client's through.
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-request-id',
  'traceparent',
  'tracestate',
  'baggage',
]);
/**
 * X_Forwarded_For and X.Forwarded.For are X-Forwarded-For to servers that turn fields into variables (CGI, WSGI), and a
 * client could speak through them past every rule for the proper name. nginx drops them too.
 */
const UNAMBIGUOUS = /^[A-Za-z0-9-]+$/;

interface ForwardingFacts extends ForwardedIdentity {
  readonly method: string;
  readonly httpVersion: string;
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
  readonly forwarding: Forwarding;
  readonly rules: HeaderRules;
  /** The exchange that an operator repeats with it; the upstream is told. */
  readonly replayOf?: string | null;
}

/** Every field of ours stands exactly once, whatever the client sent, listed in Connection or spelled otherwise. */
export function toUpstreamHeaders(facts: ForwardingFacts): [string, string][] {
  const list = keepFields(facts);
  const { headers, peerIsTrusted, forwarding, trace } = facts;
  const said = (name: string, pattern: RegExp): string | undefined => {
    const value = peerIsTrusted ? valuesOf(headers, name)[0]?.trim() : undefined;
    return value !== undefined && pattern.test(value) ? value : undefined;
  };
  const host = said('x-forwarded-host', /^[A-Za-z0-9.:[\]_-]{1,255}$/) ?? facts.host;
  const proto = said('x-forwarded-proto', /^https?$/) ?? 'http';
  for (const [name, value] of facts.rules.put) list.push([name, value]);
  list.push(
    ['host', facts.upstreamAuthority],
    ['x-forwarded-for', facts.chain.join(', ')],
    ['x-forwarded-proto', proto],
    ['x-forwarded-port', said('x-forwarded-port', /^\d{1,5}$/) ?? /:(\d+)$/.exec(host)?.[1] ?? String(facts.localPort)],
    ['x-request-id', facts.requestId],
    ['traceparent', toTraceparent(trace, facts.spanId)],
    // A field line of its own: together with what came before it is one list (RFC 9110, 5.3).
    ['via', `${facts.httpVersion} ${forwarding.pseudonym}`],
  );
  if (trace.tracestate !== '') list.push(['tracestate', trace.tracestate]);
  if (trace.baggage !== '') list.push(['baggage', trace.baggage]);
  if (host !== '') list.push(['x-forwarded-host', host]);
  if (forwarding.forwarded)
    list.push(['forwarded', formatForwarded({ chain: facts.chain, host, proto, by: forwarding.pseudonym })]);
  if (facts.bodyBytes !== null && facts.bodyBytes > 0) list.push(['content-length', String(facts.bodyBytes)]);
  if (facts.replayOf) list.push([REPLAY_HEADER, facts.replayOf]);
  for (const [name, value] of facts.identityFields) list.push([name, value]);
  return list;
}

interface Kind {
  readonly lower: string;
  /** No upstream ever gets it as the client wrote it. */
  readonly isOurs: boolean;
  readonly isProxyOnly: boolean;
}

/** What is always true of a field; the same dozen comes with each request. */
const toKind = remember((name): Kind => {
  const lower = name.toLowerCase();
  return {
    lower,
    isOurs: isHopByHop(lower) || REPLACED.has(lower) || !UNAMBIGUOUS.test(lower),
    isProxyOnly: PROXY_ONLY.has(lower) || lower.startsWith('x-forwarded-'),
  };
});

function keepFields({ headers, method, peerIsTrusted, rules, isReserved }: ForwardingFacts): [string, string][] {
  const listed = findConnectionListed(headers);
  const kept: [string, string][] = [];
  for (const [name, value] of headers) {
    const { lower, isOurs, isProxyOnly } = toKind(name);
    if (isOurs || listed?.has(lower) || isReserved(lower) || rules.drop.includes(lower)) continue;
    if (isProxyOnly && !peerIsTrusted) continue;
    // RFC 9110, 7.6.2: one hop less is left. Zero was answered before.
    kept.push([name, lower === 'max-forwards' && method === 'OPTIONS' ? String(Number(value) - 1) : value]);
  }
  return kept;
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
