import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandPort, parseShortPort, type ShortPort } from './ports.ts';

const portNumber = fc.integer({ min: 1, max: 65_000 });
const hostIp = fc.option(fc.constantFrom('127.0.0.1', '10.1.2.3', '::1', 'fd00::1'), { nil: undefined });
const protocol = fc.constantFrom('tcp', 'udp', 'sctp');

const shortPort = fc
  .record({
    target: portNumber,
    width: fc.integer({ min: 0, max: 20 }),
    published: fc.option(portNumber),
    hostIp,
    protocol,
  })
  .map(({ target, width, published, hostIp: address, protocol: kind }): ShortPort => {
    const range = (first: number) => ({ first, last: first + width });
    return {
      ...(address ? { hostIp: address } : {}),
      ...(published === null ? {} : { published: range(published) }),
      target: range(target),
      protocol: kind,
    };
  });

function print({ hostIp: address, published, target, protocol: kind }: ShortPort): string {
  const range = ({ first, last }: { first: number; last: number }) =>
    first === last ? `${first}` : `${first}-${last}`;
  const bracketed = address?.includes(':') ? `[${address}]` : address;
  const parts = [bracketed, published ? range(published) : address ? '' : undefined, range(target)];
  return `${parts.filter((part) => part !== undefined).join(':')}/${kind}`;
}

test('a printed port is read as the same', () => {
  fc.assert(
    fc.property(shortPort, (port) => {
      expect(parseShortPort(print(port))).toEqual(port);
    }),
  );
});

test('a range becomes one port each, in pairs', () => {
  fc.assert(
    fc.property(shortPort, (port) => {
      const ports = expandPort(port);
      expect(ports.map(({ target }) => target)).toEqual(
        Array.from({ length: port.target.last - port.target.first + 1 }, (_, at) => port.target.first + at),
      );
      const { published } = port;
      if (published && ports.length > 1) {
        expect(ports.map((one) => Number(one.published) - one.target)).toEqual(
          ports.map(() => published.first - port.target.first),
        );
      }
    }),
  );
});

test('a range of host ports for one container port is left to the engine', () => {
  const port = parseShortPort('7000-7005:70');
  expect(typeof port === 'string' ? port : expandPort(port)).toEqual([
    { target: 70, published: '7000-7005', protocol: 'tcp' },
  ]);
});

test.each([
  ['80/foo', 'has no known protocol'],
  ['80:', 'has no container port'],
  ['70000', 'has no container port'],
  ['x:80', 'has no host port'],
  ['90-89:80', 'has no host port'],
  ['localhost:80:80', 'has an address that is none'],
  ['::1:80:80', 'has an address that is none'],
  ['300.0.0.1:80:80', 'has an address that is none'],
  ['8000-8001:80-82', 'has ranges of different length'],
  ['', 'has no container port'],
])('"%s" %s', (written, complaint) => {
  expect(parseShortPort(written)).toContain(complaint);
});
