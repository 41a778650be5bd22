import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatExactBytes, formatNanoseconds, toBytes, toNanoseconds } from './quantities.ts';

test.each([
  ['5s', 5e9],
  ['1m30s', 90e9],
  ['1.5h', 5400e9],
  ['500ms', 5e8],
  ['10us', 1e4],
  ['0', 0],
  ['5', undefined],
  ['5 s', undefined],
  ['', undefined],
  [undefined, undefined],
])('duration %s', (text, nanoseconds) => {
  expect(toNanoseconds(text)).toBe(nanoseconds);
});

test.each([
  ['64m', 64 * 1024 ** 2],
  ['1.5gb', 1.5 * 1024 ** 3],
  ['1GiB', 1024 ** 3],
  ['1000', 1000],
  ['-1', -1],
  [2048, 2048],
  ['much', undefined],
  [undefined, undefined],
])('size %s', (text, bytes) => {
  expect(toBytes(text)).toBe(bytes);
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e15 }), (value) => {
      expect(toNanoseconds(formatNanoseconds(value))).toBe(value);
      expect(toBytes(formatExactBytes(value))).toBe(value);
    }),
  );
});
