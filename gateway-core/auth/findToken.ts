// Where a request carries its token (RFC 6750, 2), and the same request without it.
import { type HeaderList, toLowerName } from '../headers/headerList.ts';
import type { AuthProvider, TokenPlaces } from './authSection.ts';

export type FoundToken =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string; readonly fromCookie: boolean }
  /** RFC 6750, 2: one request, one token; whoever sends two wants two parts of the platform to see different ones. */
  | { readonly kind: 'several' };

const NONE: FoundToken = { kind: 'none' };
const SEVERAL: FoundToken = { kind: 'several' };

/** RFC 9110, 11.1: the case of a scheme does not count. Another scheme is not a token of ours. */
const BEARER = /^bearer(?: +|$)/i;

/** Takes the token as it stands; whether it is one is for readCompactJws to say. */
export function findToken(headers: HeaderList, { bearer, header, cookie }: TokenPlaces): FoundToken {
  let found: FoundToken = NONE;
  let authorizations = 0;
  for (const [name, value] of headers) {
    const lower = toLowerName(name);
    let token: string | undefined;
    let fromCookie = false;
    if (bearer && lower === 'authorization') {
      // Also with another scheme: servers differ in which of two fields they take.
      if (++authorizations > 1) return SEVERAL;
      const scheme = BEARER.exec(value);
      if (scheme) token = value.slice(scheme[0].length);
    } else if (lower === header) token = value;
    else if (cookie && lower === 'cookie') {
      const values = cookieValues(value, cookie.name);
      if (values.length > 1) return SEVERAL;
      token = values[0];
      fromCookie = true;
    }
    if (token === undefined) continue;
    if (found.kind !== 'none') return SEVERAL;
    found = { kind: 'token', token, fromCookie };
  }
  return found;
}

/** RFC 6265, 4.2.1; names are compared as they stand. */
function cookieValues(field: string, wanted: string): string[] {
  if (!field.includes(wanted)) return [];
  return field.split(';').flatMap((pair) => {
    const { name, value } = splitCookie(pair);
    return name === wanted ? [value] : [];
  });
}

function splitCookie(pair: string): { name: string; value: string } {
  const mark = pair.indexOf('=');
  const name = (mark < 0 ? pair : pair.slice(0, mark)).trim();
  return { name, value: mark < 0 ? '' : pair.slice(mark + 1).trim() };
}

/** The fields without the token, at whichever of its places it stands; other cookies and other schemes stay. */
export function withoutToken(headers: HeaderList, { bearer, header, cookie }: TokenPlaces): HeaderList {
  const kept: (readonly [string, string])[] = [];
  for (const field of headers) {
    const [name, value] = field;
    const lower = toLowerName(name);
    if ((bearer && lower === 'authorization' && BEARER.test(value)) || lower === header) continue;
    if (!cookie || lower !== 'cookie' || !value.includes(cookie.name)) {
      kept.push(field);
      continue;
    }
    const others = value.split(';').filter((pair) => splitCookie(pair).name !== cookie.name);
    if (others.length > 0) kept.push([name, others.map((pair) => pair.trim()).join('; ')]);
  }
  return kept;
}

/** Fields that are a token as a whole, in lower case: their values are never recorded. */
export function findTokenFields(providers: readonly AuthProvider[]): string[] {
  return providers.flatMap(({ token }) => (token.header === null ? [] : [token.header]));
}
