import { expect, test } from 'vitest';
import { formatMetric, formatPlain } from './metricsFormat.ts';

test.each([
  [12.34, 'perSecond', '12.3/s'],
  [0.0931, 'share', '9.3 %'],
  [0, 'share', '0.0 %'],
  [0.0842, 'seconds', '84 ms'],
  [12.5, 'seconds', '12.5 s'],
  [43_010_048, 'bytes', '41 MB'],
  [2048, 'bytesPerSecond', '2.0 kB/s'],
  [0.0004, 'cores', '<0.01'],
  [1.5, 'cores', '1.50'],
  [38_214, 'count', '38\u202f214'],
  [0, 'colour', 'green'],
  [2, 'colour', 'red'],
  [7, 'colour', '–'],
] as const)('%f as %s is %s', (value, unit, text) => {
  expect(formatMetric(value, unit)).toBe(text);
});

test('what is not known is never a zero', () => {
  expect([formatMetric(null, 'count'), formatMetric(Number.NaN, 'share'), formatPlain(undefined)]).toEqual([
    '–',
    '–',
    '–',
  ]);
});
