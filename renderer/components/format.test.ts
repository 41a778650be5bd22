import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatMoment,
  formatMs,
  formatPercent,
  formatQuantity,
  formatRate,
  NOTHING,
} from './format.ts';

const all = [
  formatAge,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatMoment,
  formatMs,
  formatPercent,
  formatRate,
];

test.each(all)('%o says nothing of what is not known, never zero', (format) => {
  expect([format(null), format(undefined), format(Number.NaN), format(Number.POSITIVE_INFINITY)]).toEqual(
    Array(4).fill(NOTHING),
  );
});

test.each(all)('%o never throws and never prints an exponent or NaN', (format) => {
  fc.assert(
    fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (value) => {
      expect(format(value)).not.toMatch(/e\+|NaN|undefined/);
    }),
  );
});

describe('figures', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1204, '1\u202f204'],
    [38_214, '38\u202f214'],
    [-1_000_000, '-1\u202f000\u202f000'],
  ])('count %d is %s', (value, text) => expect(formatCount(value)).toBe(text));

  test.each([
    [0, '0.0'],
    [0.01, '<0.1'],
    [38.24, '38.2'],
    [412, '412.0'],
    [1234.5, '1\u202f235'],
  ])('rate %d is %s', (value, text) => expect(formatRate(value)).toBe(text));

  test.each([
    [0, '0.0'],
    [0.0001, '<0.1'],
    [0.093, '9.3'],
    [0.9999, '>99.9'],
    [1, '100.0'],
  ])('share %d is %s %%: neither some errors nor some successes are rounded away', (value, text) =>
    expect(formatPercent(value)).toBe(text),
  );

  test.each([
    [0.42, '0.4'],
    [9.96, '10'],
    [84.3, '84'],
    [1204, '1\u202f204'],
  ])('%d ms is %s', (value, text) => expect(formatMs(value)).toBe(text));

  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 kB'],
    [43_010_048, '41 MB'],
    [67_108_864, '64 MB'],
    [1024 ** 4 * 2000, '2000 TB'],
  ])('%d bytes are %s', (value, text) => expect(formatBytes(value)).toBe(text));

  test('quantities agree with their noun', () => {
    expect([
      formatQuantity(1, 'service'),
      formatQuantity(22, 'service'),
      formatQuantity(2, 'entry', 'entries'),
    ]).toEqual(['1 service', '22 services', '2 entries']);
  });
});

describe('time', () => {
  test.each([
    [-5, '0 s', '0 s'],
    [41_999, '41 s', '41 s'],
    [200_000, '3 min 20 s', '3 min'],
    [7_500_000, '2 h 05 min', '2 h'],
    [3 * 86_400_000 + 4 * 3_600_000, '3 d 4 h', '3 d'],
  ])('%d ms last %s, or %s', (ms, duration, age) => {
    expect(formatDuration(ms)).toBe(duration);
    expect(formatAge(ms)).toBe(age);
  });

  test('clocks are UTC', () => {
    const at = Date.UTC(2026, 2, 4, 14, 3, 29, 412);
    expect(formatClock(at)).toBe('14:03:29');
    expect(formatClock(at, { milliseconds: true })).toBe('14:03:29.412');
    expect(formatMoment(at)).toBe('2026-03-04 14:03:29 UTC');
  });

  test('a local clock says what it adds to UTC, and names the same moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        const [, day, clock, offset] = /^(\S+) (\S+) UTC(\S+)$/.exec(formatMoment(seconds * 1000, 'local')) ?? [];
        expect(Date.parse(`${day}T${clock}${offset}`)).toBe(seconds * 1000);
      }),
    );
  });
});
