// Tells whether a request came through the gateway, and from whom, by the signature in x-gatehouse-identity. Complete in
// itself, on node:crypto alone: copy it into a service of your own. The gateway's side is described in docs/authentication.md.
import {
  createHash,
  createHmac,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';

export const IDENTITY_FIELD = 'x-gatehouse-identity';

const TYPE = 'gatehouse-identity+jwt';
const ISSUER = 'gatehouse';
/** The gateway never signs for longer; a signature that says so is not the gateway's. */
const LONGEST_LIFE_SECONDS = 30;
/** By how much the clocks of gateway and service may differ. */
const SKEW_SECONDS = 5;
const FIELD_LIMIT = 16 * 1024;
const MINIMUM_SECRET_BYTES = 32;

/** Who sent a request, as the gateway vouches for it. */
export type Caller =
  | { kind: 'anonymous' }
  /** Two providers may have the same subject; together they are one caller. */
  | { kind: 'subject'; provider: string; subject: string; scopes: string[] };

export type Identification =
  | { ok: true; caller: Caller; requestId: string }
  /** For the log; a caller is told no more than that the request did not come through the gateway. */
  | { ok: false; reason: string };

export interface IdentityKey {
  algorithm: 'HS256' | 'EdDSA';
  key: KeyObject;
}

/** Keys by their ids: a map, or a file that is read again. */
export interface IdentityKeys {
  get(id: string): IdentityKey | undefined;
}

/**
 * Keys from a file: secrets, one a line, as the gateway has them in secretFile; or Ed25519 public keys in PEM, one after
 * the other. During a rotation both the new and the old key are in it. Throws when there is none or one is not usable.
 */
export function parseIdentityKeys(text: string): ReadonlyMap<string, IdentityKey> {
  const blocks = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g);
  const secrets = text.includes('-----BEGIN') ? [] : text.split(/\r?\n/).filter((line) => line !== '');
  const keys = new Map(blocks ? blocks.map(toPublicEntry) : secrets.map(toSecretEntry));
  if (keys.size === 0) throw new Error('there is neither a secret nor an Ed25519 public key in the text');
  return keys;
}

/** How long a key that was taken out of the file may still count. */
const LOOK_AGAIN_MS = 2_000;

/**
 * The keys of a file, read again when it changes; a key that the gateway signs with already is found at once. A file
 * that becomes unusable leaves the last good keys in force. Throws when it is not usable at first.
 */
export function createIdentityKeyFile(path: string, now: () => number = () => performance.now()): IdentityKeys {
  let seen = findFingerprint(path);
  let keys = parseIdentityKeys(readFileSync(path, 'utf8'));
  let lookedAt = now();

  function look(): void {
    lookedAt = now();
    const fingerprint = findFingerprint(path);
    if (fingerprint === seen) return;
    seen = fingerprint;
    try {
      keys = parseIdentityKeys(readFileSync(path, 'utf8'));
    } catch {
      // Being written, or wrong: what was good stays.
    }
  }

  return {
    get(id) {
      if (!keys.has(id) || now() - lookedAt >= LOOK_AGAIN_MS) look();
      return keys.get(id);
    },
  };
}

function findFingerprint(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}:${stat.size}:${stat.ino}` : 'absent';
}

function toSecretEntry(text: string): [string, IdentityKey] {
  const secret = Buffer.from(text, 'utf8');
  if (secret.length < MINIMUM_SECRET_BYTES)
    throw new Error(`a secret has ${secret.length} bytes; it needs ${MINIMUM_SECRET_BYTES}`);
  const id = createHmac('sha256', secret).update('gatehouse identity key id').digest('base64url').slice(0, 11);
  return [id, { algorithm: 'HS256', key: createSecretKey(secret) }];
}

function toPublicEntry(pem: string): [string, IdentityKey] {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('a public key is not an Ed25519 key');
  const { crv, kty, x } = key.export({ format: 'jwk' });
  // The beginning of the thumbprint of RFC 7638.
  const id = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url').slice(0, 11);
  return [id, { algorithm: 'EdDSA', key }];
}

interface VerifierOptions {
  keys: IdentityKeys;
  /** The name of this service among the gateway's upstreams; left out, a signature for another service counts too. */
  upstream?: string;
  /** Epoch ms. */
  now?: () => number;
}

/** The request as the service got it: nothing may have been rewritten before. */
type ReceivedRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'headersDistinct'>;

/** Answers for one request at a time; never throws. */
export function createIdentityVerifier({ keys, upstream, now = Date.now }: VerifierOptions) {
  return (request: ReceivedRequest): Identification => {
    const fields = request.headersDistinct[IDENTITY_FIELD] ?? [];
    const [field] = fields;
    if (field === undefined) return refuse('it has no signature of the gateway');
    if (fields.length > 1) return refuse('it has several signatures');
    const claims = readSigned(field, keys);
    if (typeof claims === 'string') return refuse(claims);
    const fault = findFault(claims, { request, upstream, nowSeconds: now() / 1_000 });
    return fault === undefined ? toIdentification(claims) : refuse(fault);
  };
}

function refuse(reason: string): Identification {
  return { ok: false, reason };
}

type Claims = Record<string, unknown>;

/** The claims of a compact JWS that one of the keys has signed; else the reason. */
function readSigned(field: string, keys: IdentityKeys): Claims | string {
  const parts = field.length > FIELD_LIMIT ? [] : field.split('.');
  const [header, payload, signature] = parts.map(decode);
  if (parts.length !== 3 || !header || !payload || !signature) return 'its signature is not a compact JWS';
  const parameters = parse(header);
  const key = typeof parameters?.kid === 'string' ? keys.get(parameters.kid) : undefined;
  if (!key) return 'its signature is by a key that is not known here';
  // The algorithm is the key's own; what the header says can only agree with it.
  if (parameters?.alg !== key.algorithm || parameters.typ !== TYPE || Object.keys(parameters).length !== 3)
    return 'its signature is of another kind';
  const input = Buffer.from(field.slice(0, field.lastIndexOf('.')), 'latin1');
  if (!isSigned(input, signature, key)) return 'its signature is wrong';
  return parse(payload) ?? 'its signature is over something else';
}

function isSigned(input: Buffer, signature: Buffer, { algorithm, key }: IdentityKey): boolean {
  if (algorithm === 'EdDSA') return verify(null, input, key, signature);
  const expected = createHmac('sha256', key).update(input).digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

/** undefined for a text that is not the one spelling of its bytes: Node's decoder skips what it does not know. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function parse(bytes: Buffer): Claims | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

interface Expectation {
  request: ReceivedRequest;
  upstream: string | undefined;
  nowSeconds: number;
}

/** A signature counts for the very request that it was made for, and for seconds. */
function findFault(claims: Claims, { request, upstream, nowSeconds }: Expectation): string | undefined {
  const { iat, exp } = claims;
  if (claims.iss !== ISSUER) return 'it was not signed by a gateway';
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp - iat > LONGEST_LIFE_SECONDS)
    return 'its signature does not say when it ends';
  if (nowSeconds >= exp + SKEW_SECONDS) return 'its signature is over';
  if (nowSeconds < iat - SKEW_SECONDS) return 'its signature is of the future';
  if (upstream !== undefined && claims.aud !== upstream) return 'it was signed for another service';
  if (claims.method !== request.method) return 'it was signed with another method';
  if (claims.path !== request.url) return 'it was signed with another path';
  if (claims.host !== request.headers.host) return 'it was signed with another host';
  if (claims.rid !== request.headers['x-request-id']) return 'it was signed with another request id';
  return undefined;
}

function toIdentification({ sub, provider, scope, rid }: Claims): Identification {
  const requestId = String(rid);
  // An anonymous caller is one without a provider, whatever a subject is called.
  if (provider === undefined) return { ok: true, caller: { kind: 'anonymous' }, requestId };
  if (typeof provider !== 'string' || typeof sub !== 'string' || typeof scope !== 'string')
    return refuse('its signature does not say who sent it');
  const scopes = scope.split(' ').filter((word) => word !== '');
  return { ok: true, caller: { kind: 'subject', provider, subject: sub, scopes }, requestId };
}
