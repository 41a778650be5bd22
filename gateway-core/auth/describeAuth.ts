// Authentication in words, for explain and for refusals: what a route asks for, and what a caller showed.
import type { AuthProvider, ClaimRule, KeysConfig, RouteAuth } from './authSection.ts';
import { toClaimName } from './claims.ts';
import type { Identity } from './identity.ts';
import { quote } from './quote.ts';

/** Everything that a token of the provider is checked for. */
export function describeChecks({ name, algorithms, keys, expected }: AuthProvider): string {
  const audience = expected.audiences ? ` for ${expected.audiences.map(quote).join(' or ')}` : ' for no audience';
  const required = expected.requiredClaims.length > 0 ? `, with the claims ${expected.requiredClaims.join(', ')}` : '';
  return `a token of ${name}, signed by a key of ${describeKeys(keys)} with ${algorithms.join(' or ')}, issued by ${quote(expected.issuer)}${audience}, with exp and ${toClaimName(expected.subjectClaim)}${required}, within ${expected.clockSkewSeconds} s of its time`;
}

/** For sentences, the log and the admin API: a query may hold a secret. */
export function toShownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function describeKeys(keys: KeysConfig): string {
  if (keys.from === 'jwksUrl') return toShownUrl(keys.url);
  return keys.from === 'secretEnv' ? `the variable ${keys.variable}` : keys.file;
}

/** `Authorization: Bearer`, the field x-token or the cookie session */
export function describePlaces({ token }: AuthProvider): string {
  return [
    token.bearer ? 'Authorization: Bearer' : undefined,
    token.header === null ? undefined : `the field ${token.header}`,
    token.cookie ? `the cookie ${token.cookie.name}` : undefined,
  ]
    .filter((place) => place !== undefined)
    .join(' or ');
}

export function describeIdentity({ subject, scopes }: Identity): string {
  return `Its subject is ${quote(subject)}, its scopes are ${scopes.length > 0 ? quote(scopes.join(' ')) : 'none'}.`;
}

/** `"role" must be one of "admin", "owner"` */
export function describeRule({ claim, test, values }: ClaimRule): string {
  const wanted = values.map(quote).join(', ');
  const must = { equals: 'must be', in: 'must be one of', contains: 'must contain' }[test];
  return `${toClaimName(claim)} ${must} ${wanted}`;
}

/** Everything that a token has to say besides being valid; empty when that is enough. */
export function describeRules({ allScopes, anyScopes, claims }: RouteAuth): string {
  const rules = claims.map(describeRule);
  if (anyScopes.length > 0) rules.unshift(`one of the scopes ${anyScopes.join(', ')}`);
  if (allScopes.length > 0) rules.unshift(`the scopes ${allScopes.join(', ')}`);
  return rules.join('; ');
}

/** `token of login with the scopes read`, `token of login or none` */
export function describeDemand(auth: RouteAuth): string {
  const rules = describeRules(auth);
  return `token of ${auth.provider.name}${auth.required ? '' : ' or none'}${rules === '' ? '' : ` with ${rules}`}`;
}
