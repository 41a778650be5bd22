// The compact form of a JWS (RFC 7515, 7.1), read strictly before anything believes a word of it.
import { type AlgorithmName, isAlgorithmName } from './algorithms.ts';
import { decodeBase64url } from './base64url.ts';
import { quote } from './quote.ts';
import { memberOf, parseJsonObject } from './strictJson.ts';

/** All header fields together may have 16 KiB; a token that needs more than half of them carries what it should not. */
export const TOKEN_LIMIT = 8_192;
const KEY_ID_LIMIT = 256;

/**
 * Parameters that would let a token choose its own key (`jku`, `jwk`, `x5u`, `x5c`), change what is signed (`b64`) or
 * how it is read (`crit`, `zip`, `enc`). None is understood here, and RFC 7515, 4.1.11 demands to refuse a `crit`.
 * `x5t`, a thumbprint that large issuers send, is ignored.
 */
const REFUSED_PARAMETERS = ['crit', 'jku', 'jwk', 'x5u', 'x5c', 'b64', 'zip', 'enc'] as const;

export interface CompactJws {
  /** What the token says. It is compared with the key's own and chooses nothing. */
  readonly algorithm: AlgorithmName;
  readonly keyId: string | null;
  readonly type: string | null;
  /** What the signature is over. */
  readonly signed: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

export type Reading = { readonly ok: true; readonly jws: CompactJws } | { readonly ok: false; readonly reason: string };

/** Reasons finish the sentence "The token is refused: …" and quote nothing but header parameters. */
export function readCompactJws(token: string): Reading {
  if (token.length > TOKEN_LIMIT) return refuse(`it has ${token.length} characters; ${TOKEN_LIMIT} are taken`);
  const parts = token.split('.', 4);
  if (parts.length !== 3) return refuse('it does not have three parts');
  const [headerText = '', payloadText = '', signatureText = ''] = parts;
  const header = decodeBase64url(headerText);
  const payload = decodeBase64url(payloadText);
  const signature = decodeBase64url(signatureText);
  if (!header || !payload || !signature) return refuse('its parts are not strict base64url');
  const parameters = parseJsonObject(header);
  if (!parameters) return refuse('its header is not a JSON object with each name once');
  const refused = REFUSED_PARAMETERS.find((name) => Object.hasOwn(parameters, name));
  if (refused !== undefined) return refuse(`its header has "${refused}", which is never taken`);
  const [algorithm, keyId, type] = ['alg', 'kid', 'typ'].map((name) => memberOf(parameters, name));
  if (!isAlgorithmName(algorithm)) return refuse(`its algorithm ${quote(algorithm)} is never taken`);
  if (keyId !== undefined && !isText(keyId, KEY_ID_LIMIT))
    return refuse(`its "kid" is not a text of 1 to ${KEY_ID_LIMIT} characters`);
  if (type !== undefined && !isText(type, KEY_ID_LIMIT)) return refuse('its "typ" is not a text');
  if (signature.length === 0) return refuse('it is not signed');
  const signed = Buffer.from(token.slice(0, token.length - signatureText.length - 1), 'latin1');
  return { ok: true, jws: { algorithm, keyId: keyId ?? null, type: type ?? null, signed, payload, signature } };
}

function refuse(reason: string): Reading {
  return { ok: false, reason };
}

function isText(value: unknown, limit: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= limit;
}
