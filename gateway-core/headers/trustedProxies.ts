// Who may speak for a client: proxies known by address range, read right to left, never by counting hops (CVE-2026-16732).
import { BlockList, isIP } from 'node:net';
import { remember } from '../memo/remember.ts';

const MAXIMUM_HOPS = 64;

/** `::ffff:10.0.0.1` and `::ffff:a00:1` are 10.0.0.1; compare addresses only after this (CVE-2026-30827). */
export const unmapAddress = remember((address) => toUnmapped(address));

function toUnmapped(address: string): string {
  const zoneless = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(?:0:)?(.+)$/i.exec(zoneless)?.[1];
  if (mapped === undefined) return zoneless;
  if (isIP(mapped) === 4) return mapped;
  const words = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(mapped);
  if (!words) return zoneless;
  const [high, low] = [Number.parseInt(words[1] ?? '', 16), Number.parseInt(words[2] ?? '', 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

interface Cidr {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function parseCidr(text: string): Cidr | undefined {
  const [rawAddress = '', rawBits, more] = text.split('/');
  const written = isIP(rawAddress);
  if (written === 0 || more !== undefined) return undefined;
  if (rawBits !== undefined && !/^\d{1,3}$/.test(rawBits)) return undefined;
  const address = unmapAddress(rawAddress);
  const wide = isIP(address) === 4 && written === 6;
  const size = written === 4 ? 32 : 128;
  const bits = rawBits === undefined ? size : Number(rawBits);
  // A mapped range is a range of IPv4: ::ffff:10.0.0.0/104 is 10.0.0.0/8. Wider than /96 it would be more than IPv4.
  if (bits > size || (wide && bits < 96)) return undefined;
  return { address, bits: wide ? bits - 96 : bits, family: isIP(address) === 4 ? 'ipv4' : 'ipv6' };
}

export function isCidr(text: string): boolean {
  return parseCidr(text) !== undefined;
}

export interface TrustedProxies {
  isTrusted(address: string): boolean;
}

/** Takes addresses and CIDRs; throws on anything else. */
export function createTrustedProxies(cidrs: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const text of cidrs) {
    const cidr = parseCidr(text);
    if (!cidr) throw new Error(`"${text}" is not an address or CIDR, for example 10.0.0.0/8`);
    list.addSubnet(cidr.address, cidr.bits, cidr.family);
  }
  return {
    // The same peers ask again and again, and each look into the list makes objects.
    isTrusted: remember((address) => {
      const unmapped = unmapAddress(address);
      const version = isIP(unmapped);
      return version !== 0 && list.check(unmapped, version === 4 ? 'ipv4' : 'ipv6');
    }),
  };
}

/**
 * The client's address: from the peer leftwards through X-Forwarded-For, the first that is no trusted proxy.
 * An entry that is not an address ends the walk: everything left of it is hearsay.
 */
export function findClientAddress(
  peer: string,
  forwardedFor: readonly string[],
  proxies: TrustedProxies,
): { client: string; chain: string[] } {
  const own = unmapAddress(peer);
  const chain = [own];
  if (forwardedFor.length === 0) return { client: own, chain };
  const entries = forwardedFor.join(',').split(',').slice(-MAXIMUM_HOPS);
  for (let index = entries.length - 1; index >= 0 && proxies.isTrusted(chain[0] ?? ''); index--) {
    const address = unmapAddress((entries[index] ?? '').trim().replace(/^\[(.*)\]$/, '$1'));
    if (isIP(address) === 0) break;
    chain.unshift(address);
  }
  return { client: chain[0] ?? own, chain };
}
