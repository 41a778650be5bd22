import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formats } from './formats.ts';

describe('the formats', () => {
  test.each<[format: string, fits: string[], misses: string[]]>([
    [
      'date',
      ['2024-02-29', '2000-02-29', '2023-12-31'],
      ['2023-02-29', '1900-02-29', '2023-13-01', '2023-00-10', '2023-04-31', '2023-1-1', '20230101', '2023-01-00'],
    ],
    [
      'time',
      ['12:00:00Z', '23:59:60z', '12:00:00.123+02:00', '05:29:60+05:30'],
      ['12:00:00', '24:00:00Z', '12:60:00Z', '12:00:60Z', '12:00Z', '12:00:00+24:00'],
    ],
    [
      'date-time',
      ['2024-02-29T12:00:00Z', '2024-02-29t12:00:00.5-08:00', '2024-02-29 12:00:00Z'],
      ['2024-02-29', '2024-02-30T12:00:00Z', '2024-02-29T12:00:00', '2024-02-29_12:00:00Z'],
    ],
    [
      'email',
      ['a@b.example', "o'neil+x@b-c.example", 'a.b@localhost'],
      [
        '@b.example',
        'a@',
        'a b@c.example',
        'a..b@c.example',
        '.a@c.example',
        'a@-c.example',
        'a@b@c.example',
        `${'a'.repeat(65)}@c.example`,
      ],
    ],
    ['hostname', ['a', 'a.example', 'xn--nxasmq6b'], ['', '-a', 'a-', 'a..b', 'a_b', `${'a'.repeat(64)}.x`, 'a.']],
    ['ipv4', ['192.0.2.1'], ['192.0.2.256', '192.0.2', '01.2.3.4', '::1']],
    ['ipv6', ['::1', '2001:db8::1', '::ffff:192.0.2.1'], ['192.0.2.1', ':::', 'fe80::1%eth0']],
    [
      'uri',
      ['https://shop.example/a?b#c', 'urn:isbn:1', 'mailto:a@b.example'],
      ['/a', 'shop.example', 'https://a b', 'http://a/%zz', 'http://ü.example', '1a:b'],
    ],
    [
      'uuid',
      ['01234567-89ab-cdef-0123-456789ABCDEF'],
      [
        '0123456789abcdef0123456789abcdef',
        '01234567-89ab-cdef-0123-456789abcde',
        '{01234567-89ab-cdef-0123-456789abcdef}',
      ],
    ],
  ])('%s', (format, fits, misses) => {
    expect(fits.filter((text) => !formats[format]?.(text))).toEqual([]);
    expect(misses.filter((text) => formats[format]?.(text))).toEqual([]);
  });

  test('every date that there is, is one, and no other', () => {
    fc.assert(
      fc.property(fc.nat(9999), fc.nat(13), fc.nat(32), (year, month, day) => {
        const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const date = new Date(0);
        date.setUTCFullYear(year, month - 1, day);
        expect(formats.date?.(text)).toBe(date.getUTCMonth() === month - 1 && date.getUTCDate() === day);
      }),
    );
  });

  test.each(Object.keys(formats))('%s of a mebibyte is answered at once', (format) => {
    for (const piece of ['a', '1', 'a.', '-', '%41', '!', 'a@'])
      expect(typeof formats[format]?.(piece.repeat(1_048_576 / piece.length))).toBe('boolean');
  });
});
