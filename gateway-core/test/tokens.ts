// Issuers of tokens for tests. They sign with jose, an implementation that is not ours, and can forge what it would not.
import { createHmac, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const ISSUER = 'https://login.example';
export const AUDIENCE = 'shop';

export interface TestIssuer {
  readonly algorithm: string;
  /** The public key; of an HMAC issuer the secret. */
  readonly jwk: JWK;
  readonly privateKey: KeyObject | Uint8Array;
  /** A valid token, with what is given in place of what it would say; undefined takes a claim out. */
  sign(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

export async function createIssuer(algorithm: string, keyId = 'key-1'): Promise<TestIssuer> {
  if (algorithm.startsWith('HS')) {
    const secret = randomBytes(64).toString('hex');
    const bytes = new TextEncoder().encode(secret);
    const jwk = { kty: 'oct', alg: algorithm, kid: keyId, k: Buffer.from(bytes).toString('base64url') };
    return { algorithm, jwk, privateKey: bytes, sign: toSign(algorithm, keyId, bytes) };
  }
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), alg: algorithm, kid: keyId, use: 'sig' };
  const key = createPrivateKey({ format: 'jwk', key: { ...(await exportJWK(privateKey)) } });
  return { algorithm, jwk, privateKey: key, sign: toSign(algorithm, keyId, privateKey) };
}

type SigningKey = Parameters<SignJWT['sign']>[0];

function toSign(algorithm: string, keyId: string, key: SigningKey): TestIssuer['sign'] {
  return (claims = {}, header = {}) =>
    new SignJWT(toClaims(claims)).setProtectedHeader({ alg: algorithm, kid: keyId, ...header }).sign(key);
}

export function toClaims(claims: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  return { iss: ISSUER, aud: AUDIENCE, sub: 'user-1', iat: now, exp: now + 300, ...claims };
}

export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** A compact JWS of any header and payload (texts as they are), signed with HMAC-SHA256 by whatever bytes. */
export function forge(header: unknown, payload: unknown, secret: string | Uint8Array): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}
