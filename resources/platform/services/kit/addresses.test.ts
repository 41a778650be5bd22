import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createDialler, findListenAddress, parseAddress, parsePortMap } from './addresses.ts';

const folder = mkdtempSync(join(tmpdir(), 'addresses-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['127.0.0.1:21005', { host: '127.0.0.1', port: 21005 }],
  ['[::1]:80', { host: '::1', port: 80 }],
  ['search:8002', { host: 'search', port: 8002 }],
])('%s is an address', (text, expected) => {
  expect(parseAddress(text)).toEqual(expected);
});

test.each(['', '127.0.0.1', '127.0.0.1:', ':80', '::1:80', 'a:70000', 'a:b'])('%j is not an address', (text) => {
  expect(() => parseAddress(text)).toThrow(/is not host:port/);
});

test('without a port map a port is bound on every interface, as in a container', () => {
  expect(findListenAddress(parsePortMap(undefined), 8000)).toEqual({ host: '0.0.0.0', port: 8000 });
});

test('with a port map only its ports can be bound', () => {
  const ports = parsePortMap('{"8000":"127.0.0.1:21005"}');
  expect(findListenAddress(ports, 8000)).toEqual({ host: '127.0.0.1', port: 21005 });
  expect(() => findListenAddress(ports, 8001)).toThrow('port 8001 is not in GATEHOUSE_PORTS');
});

test('a port map that is not JSON, or names a host instead of an address, is refused', () => {
  expect(() => parsePortMap('{')).toThrow('GATEHOUSE_PORTS is not JSON');
  expect(() => parsePortMap('{"80":"localhost:80"}')).toThrow('must name an IP address');
});

test('a dialler follows the hosts file, keeps what it knew through a torn write, and else dials the name', () => {
  const file = join(folder, 'hosts.json');
  let now = 0;
  const dial = createDialler(file, () => now);
  expect(dial('search', 8002)).toEqual({ host: 'search', port: 8002 });

  writeFileSync(file, '{"search:8002":"127.0.0.1:21007"}');
  expect(dial('search', 8002), 'looked at 0 ms ago').toEqual({ host: 'search', port: 8002 });
  now += 300;
  expect(dial('search', 8002)).toEqual({ host: '127.0.0.1', port: 21007 });
  expect(dial('search', 9999)).toEqual({ host: 'search', port: 9999 });

  writeFileSync(file, '{"search:8002":');
  now += 300;
  expect(dial('search', 8002)).toEqual({ host: '127.0.0.1', port: 21007 });
});
