// What an upstream is told of a caller: claims in fields of their own, and the signed identity of the request.
import type { HeaderList } from '../headers/headerList.ts';
import type { Findings } from '../stages/stage.ts';
import type { AuthDependencies } from './authentication.ts';
import { type AuthConfig, PROVIDER, SCOPES, type SigningConfig, SUBJECT } from './authSection.ts';
import { type ClaimPath, findClaim } from './claims.ts';
import { readVariable } from './environment.ts';
import { withoutToken } from './findToken.ts';
import type { Identity } from './identity.ts';
import {
  createPrivateKeySigner,
  createSecretSigner,
  IDENTITY_FIELD,
  type IdentitySigner,
  type SignedFacts,
} from './identitySigner.ts';
import { createReservedFields, type IsReserved } from './reservedFields.ts';
import type { JsonObject } from './strictJson.ts';
import { watchFile } from './watchedFile.ts';

/** What goes to an upstream in place of the fields that the client sent. */
export interface ForwardedIdentity {
  /** The client's fields, without the token where the route keeps it back. */
  readonly headers: HeaderList;
  readonly isReserved: IsReserved;
  /** Fields that only the gateway may set. */
  readonly identityFields: readonly (readonly [string, string])[];
}

interface ForwardedExchange {
  readonly id: string;
  readonly request: { readonly method: string; readonly headers: HeaderList };
  readonly findings: Findings;
}

export interface IdentityWriter {
  /** For an exchange that goes to its route's upstream, which gets `host` as its Host field. */
  describe(exchange: ForwardedExchange, host: string): ForwardedIdentity;
}

type IdentityFields = readonly (readonly [string, string])[];

/** Throws when the key to sign with cannot be used. */
export function createIdentityWriter(config: AuthConfig, dependencies: AuthDependencies): IdentityWriter {
  const isReserved = createReservedFields(config.identityHeaders.map(([name]) => name));
  const sign = config.signing ? createSigning(config.signing, dependencies) : undefined;
  // A client sends one token many times, and its claims are the same object as long as the token is kept.
  const known = new WeakMap<JsonObject, IdentityFields>();

  function toClaimFields({ identity, claims }: Findings): IdentityFields {
    if (!identity || !claims) return [];
    const before = known.get(claims);
    if (before) return before;
    const fields = config.identityHeaders.flatMap(([name, claim]): [string, string][] => {
      const value = toFieldValue(readClaim(claims, identity, claim));
      return value === undefined ? [] : [[name, value]];
    });
    known.set(claims, fields);
    return fields;
  }

  return {
    describe({ id, request, findings }, host) {
      const { route, identity, forwardedPath } = findings;
      const fields = toClaimFields(findings);
      const signed = sign?.({
        method: request.method,
        path: forwardedPath ?? '/',
        host,
        requestId: id,
        upstream: route?.upstream.name ?? '',
        identity,
      });
      const auth = route?.auth;
      return {
        headers: auth && !auth.forwardToken ? withoutToken(request.headers, auth.provider.token) : request.headers,
        isReserved,
        identityFields: signed === undefined ? fields : [...fields, [IDENTITY_FIELD, signed]],
      };
    },
  };
}

function createSigning(
  { from, name, lifetimeSeconds }: SigningConfig,
  { env, log, now, monotonicNow }: AuthDependencies,
): (facts: SignedFacts) => string {
  const what = `auth.identity.signed.${from}`;
  if (from === 'secretEnv') {
    const signer = readVariable(what, name, { env, parse: createSecretSigner });
    return (facts) => signer.sign(facts, now(), lifetimeSeconds);
  }
  const parse: (text: string) => IdentitySigner = from === 'secretFile' ? createSecretSigner : createPrivateKeySigner;
  const file = watchFile({ what, path: name, parse, log, now: monotonicNow });
  return (facts) => file.current().sign(facts, now(), lifetimeSeconds);
}

function readClaim(claims: JsonObject, identity: Identity, claim: ClaimPath): unknown {
  if (claim === SUBJECT) return identity.subject;
  if (claim === SCOPES) return identity.scopes.join(' ');
  return claim === PROVIDER ? identity.provider : findClaim(claims, claim);
}

const FIELD_LIMIT = 1_024;
const UNSAFE = /^ | $|[^\x20-\x7e]|%/gu;
const UNSAFE_IN_LIST = /^ | $|[^\x20-\x7e]|[%,]/gu;

/**
 * A claim as a field value: visible ASCII and inner spaces as they are, everything else and `%` as percent-encoded
 * UTF-8, so that no claim can end a line or add a field; a list joined by commas. undefined for what is neither text,
 * number, boolean nor a list of them, and for what is too long: a shortened value would be another one.
 */
export function toFieldValue(claim: unknown): string | undefined {
  const value = Array.isArray(claim)
    ? claim.every(isScalar)
      ? claim.map((item) => encode(String(item), UNSAFE_IN_LIST)).join(',')
      : undefined
    : isScalar(claim)
      ? encode(String(claim), UNSAFE)
      : undefined;
  return value !== undefined && value.length <= FIELD_LIMIT ? value : undefined;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function encode(text: string, unsafe: RegExp): string {
  return text.replace(unsafe, (character) =>
    Buffer.from(character, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&'),
  );
}
