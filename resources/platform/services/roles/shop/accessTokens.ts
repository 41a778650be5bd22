// Access tokens: short-lived JWTs (RFC 9068) signed with Ed25519, which the gateway checks by itself with our public key.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Environment } from '../../kit/environment.ts';

/** What gateway.yaml expects in `iss` and `aud`. */
export const ISSUER = 'shop-platform';
export const AUDIENCE = 'shop';
/** Nobody can take such a token back, so it does not live long; a refresh token gets the next one. */
export const ACCESS_LIFETIME_SECONDS = 300;

export interface AccessTokens {
  issue(customer: { id: number; username: string; scopes: string }): string;
  /** RFC 7517, 5: the public half, for whoever checks. */
  readonly jwks: { keys: Record<string, string>[] };
  /** For people: where the key is from. */
  readonly described: string;
}

/** Throws when the key's file cannot be read or holds another kind of key. */
export function createAccessTokens(environment: Environment, now: () => number = Date.now): AccessTokens {
  const path = environment.SHOP_TOKEN_KEY_FILE || undefined;
  const key = path === undefined ? generateKeyPairSync('ed25519').privateKey : readKey(path);
  const { kty = '', crv = '', x = '' } = createPublicKey(key).export({ format: 'jwk' });
  // RFC 7638: the thumbprint of the key is its name, so that nobody has to give it one.
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url').slice(0, 16);
  const header = encode({ alg: 'EdDSA', typ: 'at+jwt', kid });
  return {
    described:
      path === undefined
        ? 'signed with a key that this process made at its start: tokens end with it, and replicas do not share it'
        : 'signed with the key of SHOP_TOKEN_KEY_FILE',
    jwks: { keys: [{ kty, crv, x, kid, alg: 'EdDSA', use: 'sig' }] },
    issue({ id, username, scopes }) {
      const iat = Math.floor(now() / 1_000);
      const exp = iat + ACCESS_LIFETIME_SECONDS;
      const claims = {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: String(id),
        scope: scopes,
        username,
        iat,
        exp,
        jti: randomUUID(),
      };
      const input = `${header}.${encode(claims)}`;
      return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
    },
  };
}

function readKey(path: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path, 'utf8'));
  } catch (error) {
    // Without the error's own text: OpenSSL's may quote what is in the file.
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`SHOP_TOKEN_KEY_FILE names ${path}, which is no private key in PEM that can be read (${code})`);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new Error(
    `SHOP_TOKEN_KEY_FILE holds a key of ${key.asymmetricKeyType}; make one with openssl genpkey -algorithm ed25519`,
  );
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
