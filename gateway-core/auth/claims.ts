// What a verified payload must say before it counts: RFC 7519, 4.1, with the rules of RFC 8725, 3.8 to 3.11.
import type { Identity } from './identity.ts';
import { quote } from './quote.ts';
import { type JsonObject, memberOf } from './strictJson.ts';

/** A claim by its name, or by the names on the way to it: `[realm_access, roles]`. */
export type ClaimPath = string | readonly string[];

export interface ClaimExpectations {
  readonly provider: string;
  readonly issuer: string;
  /** One of them must be named; null: the provider's tokens name no audience. */
  readonly audiences: readonly string[] | null;
  /** Lower case, without `application/`; null: no type, JWT or at+jwt. */
  readonly types: readonly string[] | null;
  readonly clockSkewSeconds: number;
  readonly requiredClaims: readonly string[];
  readonly subjectClaim: ClaimPath;
  /** null: `scope`, else `scp`. */
  readonly scopesClaim: ClaimPath | null;
}

export type ClaimFault = { readonly code: 'token-invalid' | 'token-expired'; readonly reason: string };

const ACCEPTED_TYPES: readonly string[] = ['jwt', 'at+jwt'];

/** The type of a token, so that one made for another purpose is not taken for one of access (RFC 8725, 3.11). */
export function findTypeFault(type: string | null, { types }: ClaimExpectations): string | undefined {
  if (type === null) return types === null ? undefined : 'it does not say its type';
  // RFC 7515, 4.1.9: a media type, its case does not count and `application/` may be left out.
  const name = type.toLowerCase().replace(/^application\//, '');
  return (types ?? ACCEPTED_TYPES).includes(name) ? undefined : `its type ${quote(type)} is not taken`;
}

export interface Lifetime {
  /** Epoch seconds; both with the skew already granted. */
  readonly validFrom: number;
  readonly validUntil: number;
}

/** `exp` must be there; a token for ever is a password. */
export function readLifetime(claims: JsonObject, { clockSkewSeconds }: ClaimExpectations): Lifetime | ClaimFault {
  const [expires, notBefore, issued] = ['exp', 'nbf', 'iat'].map((name) => memberOf(claims, name));
  if (!isTime(expires)) return invalid('its "exp" is not a time');
  if (notBefore !== undefined && !isTime(notBefore)) return invalid('its "nbf" is not a time');
  if (issued !== undefined && !isTime(issued)) return invalid('its "iat" is not a time');
  const from = Math.max(notBefore ?? Number.NEGATIVE_INFINITY, issued ?? Number.NEGATIVE_INFINITY);
  return { validFrom: from - clockSkewSeconds, validUntil: expires + clockSkewSeconds };
}

export function findTimeFault({ validFrom, validUntil }: Lifetime, nowSeconds: number): ClaimFault | undefined {
  // RFC 7519, 4.1.4: on or after the time it must not be accepted.
  if (nowSeconds >= validUntil)
    return { code: 'token-expired', reason: `it expired ${Math.ceil(nowSeconds - validUntil)} s ago, skew granted` };
  if (nowSeconds < validFrom)
    return invalid(`it is valid in ${Math.ceil(validFrom - nowSeconds)} s, skew granted; are the clocks right?`);
  return undefined;
}

/** Everything but the times. */
export function findClaimFault(claims: JsonObject, expected: ClaimExpectations): ClaimFault | undefined {
  const issuer = memberOf(claims, 'iss');
  if (issuer !== expected.issuer) return invalid(`its issuer ${quote(issuer)} is not ${quote(expected.issuer)}`);
  const audience = memberOf(claims, 'aud');
  const named = audience === undefined ? [] : Array.isArray(audience) ? audience : [audience];
  if (!named.every((name) => typeof name === 'string'))
    return invalid('its "aud" is neither a text nor a list of them');
  // RFC 7519, 4.1.3: a token that names audiences is for nobody else.
  if (expected.audiences === null ? named.length > 0 : !named.some((name) => expected.audiences?.includes(name)))
    return invalid(`its audience ${quote(audience)} is not one of this gateway`);
  const missing = expected.requiredClaims.find((name) => !Object.hasOwn(claims, name));
  return missing === undefined ? undefined : invalid(`it has no claim "${missing}"`);
}

function invalid(reason: string): ClaimFault {
  return { code: 'token-invalid', reason };
}

/** RFC 7519, 2: a number of seconds, not necessarily whole. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Any text without control characters, halves of characters and the like. */
const SUBJECT = /^[^\p{C}]{1,256}$/u;
/** RFC 6749, 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const SCOPE_LIMIT = 256;

/** Who the claims speak of; a reason when they do not say it. */
export function readIdentity(claims: JsonObject, expected: ClaimExpectations): Identity | string {
  const value = findClaim(claims, expected.subjectClaim);
  const subject = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof subject !== 'string' || !SUBJECT.test(subject))
    return `its ${toClaimName(expected.subjectClaim)} is not a text of 1 to 256 printable characters`;
  const said =
    expected.scopesClaim === null
      ? (memberOf(claims, 'scope') ?? memberOf(claims, 'scp'))
      : findClaim(claims, expected.scopesClaim);
  const scopes = readScopes(said);
  return scopes ? { provider: expected.provider, subject, scopes } : 'its scopes are neither a text nor a list of them';
}

/** Words of a text (RFC 8693, 4.2) or a list. */
function readScopes(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  const words: unknown = typeof value === 'string' ? value.split(' ') : value;
  if (!Array.isArray(words)) return undefined;
  return words.filter((word): word is string => typeof word === 'string' && SCOPE.test(word)).slice(0, SCOPE_LIMIT);
}

export function findClaim(claims: JsonObject, path: ClaimPath): unknown {
  if (typeof path === 'string') return memberOf(claims, path);
  let value: unknown = claims;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = memberOf(value as JsonObject, name);
  }
  return value;
}

/** For sentences: `"role"`, `"realm_access.roles"`. */
export function toClaimName(path: ClaimPath): string {
  return `"${typeof path === 'string' ? path : path.join('.')}"`;
}
