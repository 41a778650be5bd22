// One token against one set of keys: first the form, then the signature, and only then the claims.
import {
  type ClaimExpectations,
  findClaimFault,
  findTimeFault,
  findTypeFault,
  readIdentity,
  readLifetime,
} from './claims.ts';
import { type CompactJws, readCompactJws } from './compactJws.ts';
import { quote } from './quote.ts';
import { parseJsonObject } from './strictJson.ts';
import type { ValidToken } from './tokenCache.ts';
import type { KeySet } from './verificationKey.ts';

/** How many keys are tried for one token that does not name its key: each costs a signature check. */
const MAXIMUM_TRIES = 4;

export interface Refusal {
  readonly code: 'token-invalid' | 'token-expired';
  /** Finishes the sentence "The token is refused: …", for operators. */
  readonly reason: string;
  /** Its key is not among these, or it names none; newer keys may have it. */
  readonly otherKey?: boolean;
}

export type JwsVerdict =
  | { readonly ok: true; readonly jws: CompactJws }
  | { readonly ok: false; readonly refusal: Refusal };

/** Whether a compact JWS is signed by one of the keys, by that key's own algorithm. What it carries is not looked at. */
export function verifyCompactJws(token: string, { keys }: KeySet): JwsVerdict {
  const reading = readCompactJws(token);
  if (!reading.ok) return refuse(reading.reason);
  const { jws } = reading;
  const named = keys.filter(({ id }) => jws.keyId === null || id === null || id === jws.keyId);
  if (named.length === 0)
    return { ok: false, refusal: { ...invalid(`no key is called ${quote(jws.keyId)}`), otherKey: true } };
  const fitting = named.filter(({ algorithm }) => algorithm === jws.algorithm);
  if (fitting.length === 0) return refuse(`its algorithm ${jws.algorithm} is not the one of the key`);
  if (fitting.length > MAXIMUM_TRIES)
    return refuse(`it names no key, and ${fitting.length} could have signed it; let the issuer set "kid"`);
  if (fitting.some(({ check }) => check(jws.signed, jws.signature))) return { ok: true, jws };
  return { ok: false, refusal: { ...invalid('its signature is wrong'), otherKey: jws.keyId === null } };
}

function invalid(reason: string): Refusal {
  return { code: 'token-invalid', reason };
}

function refuse(reason: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: invalid(reason) };
}

export type TokenVerdict =
  | { readonly ok: true; readonly token: ValidToken }
  | { readonly ok: false; readonly refusal: Refusal };

/** Whether a token is valid for a provider at this time (epoch seconds). Never throws. */
export function verifyToken(
  token: string,
  keys: KeySet,
  { expected, nowSeconds }: { readonly expected: ClaimExpectations; readonly nowSeconds: number },
): TokenVerdict {
  const verdict = verifyCompactJws(token, keys);
  if (!verdict.ok) return verdict;
  const { payload, type } = verdict.jws;
  const typeFault = findTypeFault(type, expected);
  if (typeFault !== undefined) return refuse(typeFault);
  const claims = parseJsonObject(payload);
  if (!claims) return refuse('its payload is not a JSON object with each name once');
  const fault = findClaimFault(claims, expected);
  if (fault) return { ok: false, refusal: fault };
  const lifetime = readLifetime(claims, expected);
  if ('reason' in lifetime) return { ok: false, refusal: lifetime };
  const timeFault = findTimeFault(lifetime, nowSeconds);
  if (timeFault) return { ok: false, refusal: timeFault };
  const identity = readIdentity(claims, expected);
  if (typeof identity === 'string') return refuse(identity);
  return { ok: true, token: { identity, claims, lifetime } };
}
