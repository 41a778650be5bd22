// Keys that check signatures, each bound to the one algorithm that it may be used with (RFC 8725, 3.1).
import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { type AlgorithmName, type CheckSignature, createSignatureCheck, findKeyFault } from './algorithms.ts';
import { decodeBase64url } from './base64url.ts';
import { isJsonObject, type JsonObject, memberOf, parseJsonObject } from './strictJson.ts';

export interface VerificationKey {
  /** null: the key has no name (a PEM file, a secret) and fits a token whatever its `kid` says. */
  readonly id: string | null;
  readonly algorithm: AlgorithmName;
  readonly check: CheckSignature;
}

/** Compared by identity: other keys are another set. */
export interface KeySet {
  readonly keys: readonly VerificationKey[];
  /** Keys that are there and not used, each with its reason. */
  readonly unused: readonly string[];
}

const MAXIMUM_KEYS = 100;
/** Every one of them may have to be tried, since they have no names. */
const MAXIMUM_NAMELESS_KEYS = 4;

/**
 * Binds a key to the only algorithm of `allowed` that it can be used with. Throws when there is none, and when there
 * are several: then the token would choose.
 */
function bind(key: KeyObject, id: string | null, allowed: readonly AlgorithmName[]): VerificationKey {
  const faults = allowed.map((name) => findKeyFault(name, key));
  const fitting = allowed.filter((_name, index) => faults[index] === undefined);
  const [algorithm, ...others] = fitting;
  if (algorithm === undefined) throw new Error(faults.join('; ') || 'no algorithm is allowed for it');
  if (others.length > 0)
    throw new Error(`it says no algorithm and could be used with ${fitting.join(' and ')}; allow one of them`);
  return { id, algorithm, check: createSignatureCheck(algorithm, key) };
}

/** One secret a line, each for the same algorithm: the current one, and the one before it while tokens of it are about. */
export function parseSecrets(text: string, allowed: readonly AlgorithmName[]): KeySet {
  const secrets = splitSecrets(text);
  return toNamelessSet(secrets.map((secret) => bind(createSecretKey(secret), null, allowed)));
}

function toNamelessSet(keys: VerificationKey[]): KeySet {
  if (keys.length > MAXIMUM_NAMELESS_KEYS)
    throw new Error(`it has ${keys.length} keys without names; ${MAXIMUM_NAMELESS_KEYS} are taken`);
  return { keys, unused: [] };
}

/** Lines that are not empty, as bytes. Throws when there is none. */
export function splitSecrets(text: string): Buffer[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length === 0) throw new Error('there is no secret in it');
  return lines.map((line) => Buffer.from(line, 'utf8'));
}

/** PEM blocks of public keys, one after the other. */
export function parsePublicKeys(text: string, allowed: readonly AlgorithmName[]): KeySet {
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g) ?? [];
  if (blocks.length === 0) throw new Error('there is no PEM block in it');
  if (blocks.some((block) => block.includes('PRIVATE')))
    throw new Error('it holds a private key, which only the issuer may have; put its public key there');
  return toNamelessSet(blocks.map((block) => bind(createPublicKey(block), null, allowed)));
}

interface JwksOptions {
  readonly allowed: readonly AlgorithmName[];
  /** Secrets are taken from a file alone: one that is fetched over the network is none. */
  readonly secrets: boolean;
}

/** A JWK Set (RFC 7517, 5). Keys that cannot be used are left out; throws when none is left, or when it is no set. */
export function parseJwks(text: string, options: JwksOptions): KeySet {
  const list = memberOf(parseJsonObject(Buffer.from(text, 'utf8')) ?? {}, 'keys');
  if (!Array.isArray(list)) throw new Error('it is not a JSON object with a list "keys"');
  if (list.length > MAXIMUM_KEYS) throw new Error(`it has ${list.length} keys; ${MAXIMUM_KEYS} are taken`);
  const keys: VerificationKey[] = [];
  const unused: string[] = [];
  list.forEach((jwk: unknown, index) => {
    try {
      keys.push(importJwk(jwk, options));
    } catch (error) {
      unused.push(`keys[${index}]: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  if (keys.length === 0) throw new Error(`it has no key that can be used${unused.length > 0 ? `: ${unused[0]}` : ''}`);
  return { keys, unused };
}

function importJwk(jwk: unknown, { allowed, secrets }: JwksOptions): VerificationKey {
  if (!isJsonObject(jwk)) throw new Error('it is not an object');
  const [type, id, use, operations, algorithm] = ['kty', 'kid', 'use', 'key_ops', 'alg'].map((name) =>
    memberOf(jwk, name),
  );
  if (use !== undefined && use !== 'sig') throw new Error('its "use" is not "sig"');
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    throw new Error('its "key_ops" do not name "verify"');
  if (id !== undefined && typeof id !== 'string') throw new Error('its "kid" is not a text');
  const named = algorithm === undefined ? allowed : allowed.filter((name) => name === algorithm);
  if (named.length === 0) throw new Error('its "alg" is not among the allowed algorithms');
  if (type !== 'oct') return bind(importPublicJwk(jwk), id ?? null, named);
  if (!secrets) throw new Error('it is a secret, which is never taken from the network');
  return bind(createSecretKey(decodeMember(jwk, 'k')), id ?? null, named);
}

function importPublicJwk(jwk: JsonObject): KeyObject {
  if (Object.hasOwn(jwk, 'd')) throw new Error('it is a private key, which everybody can read now: replace it');
  // node:crypto decodes leniently, and one key must not have two spellings.
  for (const name of ['n', 'e', 'x', 'y']) if (Object.hasOwn(jwk, name)) decodeMember(jwk, name);
  return createPublicKey({ format: 'jwk', key: { ...jwk } });
}

function decodeMember(jwk: JsonObject, name: string): Buffer {
  const text = memberOf(jwk, name);
  const bytes = typeof text === 'string' ? decodeBase64url(text) : undefined;
  if (!bytes || bytes.length === 0) throw new Error(`its "${name}" is not base64url`);
  return bytes;
}
