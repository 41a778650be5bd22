// The Forwarded field of RFC 7239, made of what the gateway itself knows; a client's is never passed on.

import { isIPv6 } from 'node:net';
import { WHOLE_TOKEN } from './fieldSyntax.ts';

interface ForwardedFacts {
  /** Addresses from the client to the peer. */
  readonly chain: readonly string[];
  /** The authority that the client asked for; empty when there is none. */
  readonly host: string;
  readonly proto: string;
  /** A pseudonym; written with an underscore, as section 6.3 asks of names that are no address. */
  readonly by: string;
}

/** One element a hop, the client's first. What was asked for belongs to the client's hop, the gateway to the last. */
export function formatForwarded({ chain, host, proto, by }: ForwardedFacts): string {
  const elements = chain.map((address) => [`for=${toNode(address)}`]);
  elements[0]?.push(...(host === '' ? [] : [`host=${toValue(host)}`]), `proto=${proto}`);
  elements.at(-1)?.push(`by=_${by}`);
  return elements.map((pairs) => pairs.join(';')).join(', ');
}

/** Section 6: brackets and colons of IPv6 need quotes. */
function toNode(address: string): string {
  return isIPv6(address) ? `"[${address}]"` : address;
}

/** A token as it is, anything else quoted. Quotes and backslashes cannot be in it: a Host with one is refused. */
function toValue(text: string): string {
  return WHOLE_TOKEN.test(text) ? text : `"${text}"`;
}
