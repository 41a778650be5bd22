// The header fields that a client gets of an upstream's answer. An upstream is not trusted to write valid ones.
import { remember } from '../memo/remember.ts';
import { FIELD_NAME, FIELD_VALUE } from './fieldSyntax.ts';
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

interface Kind {
  readonly lower: string;
  /** No client ever gets it as the upstream wrote it. */
  readonly isOurs: boolean;
  readonly isLength: boolean;
  readonly isServer: boolean;
}

/** What is always true of a field; the same dozen comes with each answer. */
const toKind = remember((name): Kind => {
  const lower = name.toLowerCase();
  return {
    lower,
    isOurs: isHopByHop(lower) || lower === 'x-request-id' || !FIELD_NAME.test(name),
    isLength: lower === 'content-length',
    isServer: lower === 'server' || lower === 'x-powered-by',
  };
});

/**
 * Drops hop-by-hop fields, those that Node would refuse to write, and lengths that say something else than the framing;
 * adds ours. Our framing follows from what is left: a Content-Length, or chunks.
 */
export function toClientHeaders(headers: HeaderList, facts: AnswerFacts): HeaderList {
  const { status, forwarding, rules } = facts;
  const listed = findConnectionListed(headers);
  // With chunks the length is no length (RFC 9112, 6.3), and 1xx and 204 must not have any (RFC 9110, 8.6).
  const hasNoLength = status < 200 || status === 204 || hasHeader(headers, 'transfer-encoding');
  const list: (readonly [string, string])[] = [];
  for (const field of headers) {
    const { lower, isOurs, isLength, isServer } = toKind(field[0]);
    if (isOurs || listed?.has(lower) || !FIELD_VALUE.test(field[1])) continue;
    if ((isLength && hasNoLength) || (isServer && forwarding.hideServer)) continue;
    if (!rules.drop.includes(lower)) list.push(field);
  }
  for (const field of rules.put) list.push(field);
  for (const field of facts.added) list.push(field);
  list.push(['x-request-id', facts.requestId], ['via', `1.1 ${forwarding.pseudonym}`]);
  const announced = findSingle(headers, 'trailer');
  if (announced !== undefined && isValidField('trailer', announced) && canHaveTrailers(facts, list))
    list.push(['trailer', announced]);
  return list;
}
