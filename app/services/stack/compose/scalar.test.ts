import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolvePlain } from './scalar.ts';

const read = (source: string) => resolvePlain(source, { file: '', line: 1, column: 1 });

test.each([
  ['0644', '420'],
  ['0o17', '15'],
  ['08', '8'],
  ['0x1F', '31'],
  ['-0b11', '-3'],
  ['1_000', '1000'],
  ['12345678901234567890', '12345678901234567890'],
  ['-9223372036854775809', '-9.223372036854776e+18'],
  ['1.50', '1.5'],
  ['1e3', '1000'],
  ['123456789.125', '1.23456789125e+08'],
  ['0.00001', '1e-05'],
  ['.5', '0.5'],
  ['-0', '0'],
  ['.inf', '+Inf'],
])('the number %s is written as %s', (source, text) => {
  const node = read(source);
  expect(typeof node.value).toBe('number');
  expect(node.text).toBe(text);
});

test.each(['yes', 'off', 'y', '12:30', '1.2.3', '_1', '0o8', '1e400', 'tRue', '=', '2024-13-01', '2024-02-30', '1 2'])(
  '%s is a text',
  (source) => {
    expect(read(source).value).toBe(source);
  },
);

test.each([
  ['2024-01-02', '2024-01-02 00:00:00 +0000 UTC'],
  ['2024-1-2 3:04:05', '2024-01-02 03:04:05 +0000 UTC'],
  ['2024-01-02T03:04:05.50+02:00', '2024-01-02 03:04:05.5 +0200 +0200'],
])('the time %s is written as %s', (source, text) => {
  expect(read(source).value).toBe(text);
});

test.each([
  ['', null],
  ['~', null],
  ['Null', null],
  ['true', true],
  ['FALSE', false],
])('"%s" is %s', (source, value) => {
  expect(read(source).value).toBe(value);
});

test('whole numbers are exact, however large', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (whole) => {
      expect(read(whole.toString()).text).toBe(whole.toString());
    }),
  );
});
