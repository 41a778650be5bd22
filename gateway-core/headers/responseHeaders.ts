// The header fields that a client gets of an upstream's answer. An upstream is not trusted to write valid ones.
import { findSingle, type HeaderList, hasHeader, isValidField } from './headerList.ts';
import type { Forwarding, HeaderRules } from './headersSection.ts';
import { findConnectionListed, isHopByHop } from './hopByHop.ts';
import { canHaveTrailers } from './trailers.ts';

interface AnswerFacts {
  readonly status: number;
  /** Of the request. */
  readonly method: string;
  readonly httpVersion: string;
  readonly requestId: string;
  readonly forwarding: Forwarding;
  readonly rules: HeaderRules;
  /** Fields of the gateway's own, for example what is left of a limit. */
  readonly added: HeaderList;
}

/**
 * Drops hop-by-hop fields, those that Node would refuse to write, and lengths that say something else than the framing;
 * adds ours. Our framing follows from what is left: a Content-Length, or chunks.
 */
export function toClientHeaders(headers: HeaderList, facts: AnswerFacts): [string, string][] {
  const { status, forwarding, rules } = facts;
  const listed = findConnectionListed(headers);
  // With chunks the length is no length (RFC 9112, 6.3), and 1xx and 204 must not have any (RFC 9110, 8.6).
  const hasNoLength = status < 200 || status === 204 || hasHeader(headers, 'transfer-encoding');
  const list: [string, string][] = [];
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (isHopByHop(lower) || listed?.has(lower) || !isValidField(name, value)) continue;
    if (lower === 'x-request-id' || (hasNoLength && lower === 'content-length')) continue;
    if (forwarding.hideServer && (lower === 'server' || lower === 'x-powered-by')) continue;
    if (!rules.drop.includes(lower)) list.push([name, value]);
  }
  for (const [name, value] of rules.put) list.push([name, value]);
  for (const [name, value] of facts.added) list.push([name, value]);
  list.push(['x-request-id', facts.requestId], ['via', `1.1 ${forwarding.pseudonym}`]);
  const announced = findSingle(headers, 'trailer');
  if (announced !== undefined && isValidField('trailer', announced) && canHaveTrailers(facts, list))
    list.push(['trailer', announced]);
  return list;
}
