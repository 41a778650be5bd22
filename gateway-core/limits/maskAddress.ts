// Which address counts as one client. Whoever holds an IPv6 network has 2^64 addresses of it and may use a new one each time.
import { isIPv4, isIPv6 } from 'node:net';
import { unmapAddress } from '../headers/trustedProxies.ts';

/** What stands in for an address that is none, so that such requests share one bucket. */
const UNKNOWN = 'unknown';

/**
 * IPv4 as it is, IPv6 as the network of `prefixLength` bits that it lies in, for example `2001:db8:0:1::/64`. An IPv4
 * address in IPv6 clothes, in whatever spelling, is unmapped first: masked, all of IPv4 would be one client
 * (CVE-2026-30827), and not unmapped, one client would be several.
 */
export function maskAddress(address: string, prefixLength: number): string {
  if (isIPv4(address)) return address;
  const plain = unmapAddress(address);
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return UNKNOWN;
  const words = toWords(plain);
  // The long spelling 0:0:0:0:0:ffff:…
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff)
    return toDotted(words[6] ?? 0, words[7] ?? 0);
  const kept = Math.ceil(prefixLength / 16);
  const network = words.slice(0, kept).map((word, index) => {
    const bits = Math.min(16, prefixLength - index * 16);
    return (word & (0xffff << (16 - bits)) & 0xffff).toString(16);
  });
  return `${network.join(':')}${kept < 8 ? '::' : ''}/${prefixLength}`;
}

/** The eight words of a valid IPv6 address. */
function toWords(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = readGroups(head);
  if (tail === undefined) return before;
  const after = readGroups(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function readGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function toDotted(high: number, low: number): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
