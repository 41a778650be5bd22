// Under which key a request counts. Keys are shown to operators and stored in Redis, so nothing secret is in them, and
// what a client wrote is either harmless as it stands or hashed.
import { hash } from 'node:crypto';
import type { Identity } from '../auth/identity.ts';
import { valuesOf } from '../headers/headerList.ts';
import type { Findings, RequestFacts } from '../stages/stage.ts';
import type { LimitPolicy } from './limitsSection.ts';
import { maskAddress } from './maskAddress.ts';

/** Cannot hold the separators `,`, `=` and `/` of a key. */
const PLAIN = /^[A-Za-z0-9._@+:|-]{1,128}$/;
const HASHED = 'sha256:';
/** 128 bits, in base64url: enough that nobody finds two values that share a bucket. */
const HASH_CHARACTERS = 22;

/**
 * For example `ip=203.0.113.7` or `route=auth,user=main/alice`: the parts that the policy names, in a fixed order. The
 * path has no part in it, only the route, so that no spelling of a path has a bucket of its own. Where a user or header
 * is missing, the client's address stands in: leaving a key out must not be a way out of the limit.
 */
export function toLimitKey(policy: LimitPolicy, request: RequestFacts, findings: Findings): string {
  const [first] = policy.by;
  if (first !== undefined && policy.by.length === 1) return toPart(first, policy, request, findings);
  return policy.by.map((part) => toPart(part, policy, request, findings)).join(',');
}

function toPart(part: string, policy: LimitPolicy, request: RequestFacts, findings: Findings): string {
  if (part === 'ip') return toAddressKey(request.client, policy.ipv6PrefixLength);
  if (part === 'route') return `route=${findings.route?.id ?? ''}`;
  if (part === 'user') {
    const { identity } = findings;
    return identity ? toUserKey(identity) : `anonymous=${maskAddress(request.client, policy.ipv6PrefixLength)}`;
  }
  if (part === 'global') return part;
  const name = part.slice('header:'.length);
  const values = valuesOf(request.headers, name);
  // Upstreams disagree on which of several counts, so several are as good as none.
  if (values.length !== 1) return `no-${name}=${maskAddress(request.client, policy.ipv6PrefixLength)}`;
  return `${part}=${toHash(values[0] ?? '')}`;
}

export function toAddressKey(client: string, ipv6PrefixLength: number): string {
  return `ip=${maskAddress(client, ipv6PrefixLength)}`;
}

/** Of identities that tokens were found to have, which are kept with the token: a text that is made once has its hash, too. */
const userKeys = new WeakMap<Identity, string>();

/** The same subject of two providers is two users. */
export function toUserKey(identity: Identity): string {
  const known = userKeys.get(identity);
  if (known !== undefined) return known;
  const key = `user=${toToken(identity.provider)}/${toToken(identity.subject)}`;
  userKeys.set(identity, key);
  return key;
}

function toToken(text: string): string {
  return PLAIN.test(text) && !text.startsWith(HASHED) ? text : toHash(text);
}

function toHash(text: string): string {
  return HASHED + hash('sha256', text, 'base64url').slice(0, HASH_CHARACTERS);
}
