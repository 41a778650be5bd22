// Which address counts as one client. Whoever holds an IPv6 network has 2^64 addresses of it and may use a new one each time.
import { isIPv4, isIPv6 } from 'node:net';

/** What stands in for an address that is none, so that such requests share one bucket. */
const UNKNOWN = 'unknown';

/**
 * IPv4 as it is, IPv6 as the network of `prefixLength` bits that it lies in, for example `2001:db8:0:1::/64`. An IPv4
 * address in IPv6 clothes, in whatever spelling, is unmapped first: masked, all of IPv4 would be one client
 * (CVE-2026-30827), and not unmapped, one client would be several.
 */
export function maskAddress(address: string, prefixLength: number): string {
  if (isIPv4(address)) return address;
  const zone = address.indexOf('%');
  const plain = zone < 0 ? address : address.slice(0, zone);
  if (!isIPv6(plain)) return isIPv4(plain) ? plain : UNKNOWN;
  const words = readWords(plain);
  if (isMapped(words)) return `${toDotted(words[6] ?? 0)}.${toDotted(words[7] ?? 0)}`;
  const kept = Math.ceil(prefixLength / 16);
  let network = '';
  for (let index = 0; index < kept; index++) {
    const bits = Math.min(16, prefixLength - index * 16);
    const word = (words[index] ?? 0) & (0xffff << (16 - bits)) & 0xffff;
    network += (index === 0 ? '' : ':') + word.toString(16);
  }
  return `${network}${kept < 8 ? '::' : ''}/${prefixLength}`;
}

/** The eight words of a valid IPv6 address. */
function readWords(address: string): number[] {
  const gap = address.indexOf('::');
  if (gap < 0) return readGroups(address);
  const words = readGroups(address.slice(0, gap));
  const tail = readGroups(address.slice(gap + 2));
  while (words.length + tail.length < 8) words.push(0);
  return words.concat(tail);
}

function readGroups(text: string): number[] {
  const words: number[] = [];
  if (text === '') return words;
  for (const group of text.split(':')) {
    if (group.includes('.')) {
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
      words.push((a << 8) | b, (c << 8) | d);
    } else words.push(Number.parseInt(group, 16));
  }
  return words;
}

/** ::ffff:0:0/96 */
function isMapped(words: readonly number[]): boolean {
  return words[5] === 0xffff && !words[0] && !words[1] && !words[2] && !words[3] && !words[4];
}

function toDotted(word: number): string {
  return `${word >> 8}.${word & 255}`;
}
