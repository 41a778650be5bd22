// The signature by which an upstream knows that a request came through this gateway, and from whom. It is over what the
// upstream can compare with the request it got, so it is worth nothing on another one.
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { Identity } from './identity.ts';
import { splitSecrets } from './verificationKey.ts';

export const IDENTITY_FIELD = 'x-gatehouse-identity';
const TYPE = 'gatehouse-identity+jwt';
const ISSUER = 'gatehouse';
const ANONYMOUS = 'anonymous';
/** As RFC 7518, 3.2 demands of HS256. */
const MINIMUM_SECRET_BYTES = 32;

/** What one signature is over: the request as the upstream gets it. */
export interface SignedFacts {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The Host field. */
  readonly host: string;
  readonly requestId: string;
  /** The name of the upstream, so that one service cannot use what it got at another. */
  readonly upstream: string;
  /** null: anonymous. */
  readonly identity: Identity | null;
}

/** Signs with one key; built once per key. */
export interface IdentitySigner {
  /** The compact JWS for a request at this time (epoch ms), valid for `lifetimeSeconds`. */
  sign(facts: SignedFacts, nowMs: number, lifetimeSeconds: number): string;
}

/** From secrets, one a line; the first one signs. Throws when it is shorter than 32 bytes. */
export function createSecretSigner(text: string): IdentitySigner {
  const [secret] = splitSecrets(text);
  const bytes = secret?.length ?? 0;
  if (!secret || bytes < MINIMUM_SECRET_BYTES)
    throw new Error(
      `the secret has ${bytes} bytes; it needs ${MINIMUM_SECRET_BYTES}, for example of \`openssl rand -hex 32\``,
    );
  const key = createSecretKey(secret);
  const header = toHeader('HS256', toSecretKeyId(secret));
  return createSigner(header, (input) => createHmac('sha256', key).update(input).digest('base64url'));
}

/** From an Ed25519 private key in PEM. Upstreams then need its public key alone. Throws on any other key. */
export function createPrivateKeySigner(text: string): IdentitySigner {
  const key = createPrivateKey(text);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error('it is not an Ed25519 key; make one with `openssl genpkey -algorithm ed25519`');
  const header = toHeader('EdDSA', toPublicKeyId(createPublicKey(key)));
  return createSigner(header, (input) => sign(null, Buffer.from(input, 'latin1'), key).toString('base64url'));
}

function toHeader(algorithm: string, keyId: string): string {
  return Buffer.from(JSON.stringify({ alg: algorithm, typ: TYPE, kid: keyId })).toString('base64url');
}

function createSigner(header: string, toSignature: (input: string) => string): IdentitySigner {
  return {
    sign({ method, path, host, requestId, upstream, identity }, nowMs, lifetimeSeconds) {
      const iat = Math.floor(nowMs / 1_000);
      const claims = {
        iss: ISSUER,
        aud: upstream,
        // Nobody can take an anonymous caller for a subject of that name: only a subject has a provider.
        sub: identity?.subject ?? ANONYMOUS,
        ...(identity ? { provider: identity.provider, scope: identity.scopes.join(' ') } : {}),
        method,
        path,
        host,
        rid: requestId,
        iat,
        exp: iat + lifetimeSeconds,
      };
      const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
      return `${input}.${toSignature(input)}`;
    },
  };
}

/** A name that both sides can work out from the key, so that none has to be configured; it says nothing about the key. */
function toSecretKeyId(secret: Buffer): string {
  return createHmac('sha256', secret).update('gatehouse identity key id').digest('base64url').slice(0, 11);
}

/** The beginning of the thumbprint of RFC 7638. */
function toPublicKeyId(key: KeyObject): string {
  const { crv, kty, x } = key.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url').slice(0, 11);
}
