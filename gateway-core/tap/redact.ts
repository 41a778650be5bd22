// What must not be kept or told is replaced here, before anything is kept or told. Names stay, so that their presence can be seen.

import type { HeaderList } from '../headers/headerList.ts';
import { remember } from '../memo/remember.ts';
import type { StageRecord } from '../stages/runStages.ts';

export const REDACTED = '[redacted]';

const SECRET_HEADERS = [
  ...['authorization', 'cookie', 'set-cookie', 'proxy-authorization', 'authentication-info'],
  ...['x-api-key', 'x-auth-token', 'x-csrf-token', 'x-amz-security-token'],
];
/** Fields that hold an address, whose query may hold a secret. */
const ADDRESS_HEADERS = new Set(['referer', 'location', 'content-location', 'x-original-url', 'x-forwarded-uri']);

type HeaderKind = 'secret' | 'address' | 'plain';

/** A JSON Web Token, signed or not: three parts of base64url, of which the first begins an object. */
const JWT = /eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,3}/g;

export interface Redaction {
  /** Values of secret fields, and secrets in addresses. */
  headers(headers: HeaderList): HeaderList;
  /** An address or request target: values of secret parameters, user information, tokens. */
  target(target: string): string;
  /** Whether a parameter, JSON field or form field of that name holds a secret; `user[password]` and `user.password` do. */
  isSecretParameter(name: string): boolean;
  isSecretField(name: string): boolean;
}

export interface SecretNames {
  readonly headers: readonly string[];
  /** Lower case. */
  readonly query: readonly string[];
  readonly fields: readonly string[];
}

export function createRedaction(names: SecretNames): Redaction {
  const secretHeaders = new Set([...SECRET_HEADERS, ...names.headers.map((name) => name.toLowerCase())]);
  const secretParameters = new Set(names.query);
  const secretFields = new Set(names.fields);
  const isSecretParameter = remember((name) => isListed(secretParameters, name));

  function target(text: string): string {
    const at = text.indexOf('?');
    const redacted = at < 0 ? text : text.slice(0, at + 1) + redactQuery(text.slice(at + 1), isSecretParameter);
    return redactTokens(
      redacted.includes('@') ? redacted.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/?#]*@/i, '$1//') : redacted,
    );
  }

  const toKind = remember((name): HeaderKind => {
    const lower = name.toLowerCase();
    return secretHeaders.has(lower) ? 'secret' : ADDRESS_HEADERS.has(lower) ? 'address' : 'plain';
  });

  return {
    headers: (headers) =>
      headers.map((field) => {
        const [name, value] = field;
        const kind = toKind(name);
        const kept = kind === 'secret' ? REDACTED : kind === 'address' ? target(value) : redactTokens(value);
        return kept === value ? field : [name, kept];
      }),
    target,
    isSecretParameter,
    isSecretField: (name) => isListed(secretFields, name),
  };
}

function isListed(names: ReadonlySet<string>, name: string): boolean {
  const lower = name.toLowerCase();
  if (names.has(lower)) return true;
  if (!lower.includes('[') && !lower.includes('.')) return false;
  const last = /[[.]([^[\].]+)\]?$/.exec(lower)?.[1];
  return last !== undefined && names.has(last);
}

/** Tokens are recognised wherever they stand. Looked for by the rarer of their letters: an `e` stands everywhere. */
export function redactTokens(text: string): string {
  return text.includes('yJ') ? text.replace(JWT, REDACTED) : text;
}

/** `a=1&token=x`, without the question mark; of a form body too. `isSecret` gets decoded names. */
export function redactQuery(query: string, isSecret: (name: string) => boolean): string {
  let redacted = '';
  /** What stands before it is in `redacted`. */
  let from = 0;
  for (let start = 0; start < query.length; ) {
    const and = query.indexOf('&', start);
    const end = and < 0 ? query.length : and;
    const equals = query.indexOf('=', start);
    if (equals >= 0 && equals < end - 1 && isSecret(decode(query.slice(start, equals)))) {
      redacted += query.slice(from, equals + 1) + REDACTED;
      from = end;
    }
    start = end + 1;
  }
  return from === 0 ? query : redacted + query.slice(from);
}

/** Of a query, each with its sign. */
const VALUES = /=[^&]+/g;

/** For whoever wants to know what was asked for, and not what with. */
export function redactAllValues(target: string): string {
  const at = target.indexOf('?');
  return at < 0 ? target : target.slice(0, at + 1) + target.slice(at + 1).replace(VALUES, `=${REDACTED}`);
}

function decode(name: string): string {
  if (!name.includes('%') && !name.includes('+')) return name;
  try {
    return decodeURIComponent(name.replaceAll('+', ' ')).trim();
  } catch {
    return name;
  }
}

/** Stages say the path with its query; where that holds a secret, their sentences lose it too. */
export function redactSentences(records: StageRecord[], query: string, redaction: Redaction): StageRecord[] {
  const kept = query.length > 1 ? redaction.target(query) : query;
  if (kept !== query)
    for (const record of records)
      if (record.sentence.includes(query)) record.sentence = record.sentence.replaceAll(query, () => kept);
  return records;
}
