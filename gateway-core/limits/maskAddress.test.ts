import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskAddress } from './maskAddress.ts';

describe('maskAddress', () => {
  test.each<[address: string, prefixLength: number, masked: string]>([
    ['203.0.113.7', 64, '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', 64, '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', 64, '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', 64, '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9%eth0', 64, '2001:db8:1:2::/64'],
    ['2001:db8:1:23ff::9', 56, '2001:db8:1:2300::/56'],
    ['2001:db8:1:2:3:4:5:6', 128, '2001:db8:1:2:3:4:5:6/128'],
    ['::1', 64, '0:0:0:0::/64'],
    ['fe80::1', 10, 'fe80::/10'],
    ['', 64, 'unknown'],
    ['not an address', 64, 'unknown'],
  ])('%s under /%i is %s', (address, prefixLength, masked) => {
    expect(maskAddress(address, prefixLength)).toBe(masked);
  });

  test('CVE-2026-30827: an IPv4 address is one client in every spelling, and two of them are two clients', () => {
    const spellings = [
      '192.0.2.1',
      '::ffff:192.0.2.1',
      '::FFFF:192.0.2.1',
      '::ffff:c000:201',
      '0:0:0:0:0:ffff:192.0.2.1',
      '0:0:0:0:0:ffff:c000:201',
      '0000:0000:0000:0000:0000:ffff:c000:0201',
      '0::ffff:c000:201',
    ];
    expect(new Set(spellings.map((spelling) => maskAddress(spelling, 64)))).toEqual(new Set(['192.0.2.1']));
    expect(maskAddress('::ffff:192.0.2.2', 64)).toBe('192.0.2.2');
  });

  test('two IPv6 addresses are one client exactly when their first bits are the same', () => {
    const words = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
    const isMapped = (list: readonly number[]) => list.slice(0, 5).every((word) => word === 0) && list[5] === 0xffff;
    fc.assert(
      fc.property(words, fc.nat(127), fc.integer({ min: 1, max: 128 }), (list, flipped, prefixLength) => {
        const other = list.map((word, index) => (index === flipped >> 4 ? word ^ (0x8000 >> (flipped & 15)) : word));
        fc.pre(!isMapped(list) && !isMapped(other));
        const toText = (all: readonly number[]) => all.map((word) => word.toString(16)).join(':');
        const same = maskAddress(toText(list), prefixLength) === maskAddress(toText(other), prefixLength);
        expect(same).toBe(flipped >= prefixLength);
      }),
    );
  });
});
