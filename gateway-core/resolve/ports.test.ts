import { expect, test } from 'vitest';
import { parseBindAddress, resolveBindAddress } from './ports.ts';

const configured = { host: '0.0.0.0', port: 8080 };

test.each([
  ['127.0.0.1:80', { host: '127.0.0.1', port: 80 }],
  ['[::1]:8080', { host: '::1', port: 8080 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
])('%s is an address', (text, address) => expect(parseBindAddress(text)).toEqual(address));

test.each(['8080', ':80', '127.0.0.1:65536', '127.0.0.1:', '::1:80', '127.0.0.1:80x'])('%j is not', (text) => {
  expect(() => parseBindAddress(text)).toThrow(/HOST:PORT/);
});

test('GATEHOUSE_PORTS says where the configured port is bound', () => {
  expect(resolveBindAddress(configured, '{"8080":"127.0.0.1:21005"}')).toEqual({ host: '127.0.0.1', port: 21005 });
  expect(resolveBindAddress(configured, '{"9090":"127.0.0.1:1"}')).toBe(configured);
  expect(resolveBindAddress(configured, undefined)).toBe(configured);
  expect(() => resolveBindAddress(configured, 'nonsense')).toThrow(/GATEHOUSE_PORTS/);
  expect(() => resolveBindAddress(configured, '{"8080":21005}')).toThrow(/8080/);
});
