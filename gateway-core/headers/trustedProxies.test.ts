import { expect, test } from 'vitest';
import { createTrustedProxies, findClientAddress, isCidr, unmapAddress } from './trustedProxies.ts';

test.each([
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['::FFFF:10.0.0.1', '10.0.0.1'],
  ['::ffff:a00:1', '10.0.0.1'],
  ['10.0.0.1', '10.0.0.1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::1', '::1'],
  ['::ffff:nonsense', '::ffff:nonsense'],
])('%s is %s', (address, unmapped) => expect(unmapAddress(address)).toBe(unmapped));

test.each<[cidr: string, address: string, trusted: boolean]>([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/8', '::ffff:10.1.1.1', true],
  ['::ffff:10.0.0.0/104', '10.1.1.1', true],
  ['::ffff:10.0.0.0/104', '11.1.1.1', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '10.1.2.4', false],
  ['fd00::/8', 'fd12::1', true],
  ['fd00::/8', 'fe80::1', false],
  ['::1/128', '::1', true],
  ['0.0.0.0/0', '8.8.8.8', true],
  ['10.0.0.0/8', 'nonsense', false],
  ['10.0.0.0/8', '', false],
])('with %s, %s is trusted: %s', (cidr, address, trusted) => {
  expect(createTrustedProxies([cidr]).isTrusted(address)).toBe(trusted);
});

test.each(['10.0.0.0/33', 'fd00::/129', '10.0.0/8', 'shop', '', '10.0.0.0/', '10.0.0.0/8/8', '::ffff:10.0.0.0/8'])(
  '%j is no CIDR',
  (text) => expect(isCidr(text)).toBe(false),
);

test.each<[peer: string, forwardedFor: string[], client: string]>([
  ['1.1.1.1', ['9.9.9.9'], '1.1.1.1'],
  ['10.0.0.1', ['9.9.9.9'], '9.9.9.9'],
  ['::ffff:10.0.0.1', ['9.9.9.9'], '9.9.9.9'],
  // Whatever the client wrote stands left of what the proxy saw.
  ['10.0.0.1', ['6.6.6.6, 9.9.9.9, 10.0.0.2'], '9.9.9.9'],
  ['10.0.0.1', ['6.6.6.6', '9.9.9.9'], '9.9.9.9'],
  ['10.0.0.1', [], '10.0.0.1'],
  ['10.0.0.1', ['9.9.9.9, nonsense'], '10.0.0.1'],
  ['10.0.0.1', ['[2001:db8::1]'], '2001:db8::1'],
  ['10.0.0.1', [Array(5000).fill('10.0.0.2').join(',')], '10.0.0.2'],
])('peer %s with %j is client %s', (peer, forwardedFor, client) => {
  expect(findClientAddress(peer, forwardedFor, createTrustedProxies(['10.0.0.0/8'])).client).toBe(client);
});
