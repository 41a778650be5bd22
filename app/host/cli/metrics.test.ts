import { expect, test } from 'vitest';
import { formatAnswer, parseDuration, toRange } from './metrics.ts';

test.each([
  ['30s', 30_000],
  ['15m', 900_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['1500ms', 1500],
])('%s is a duration', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '15', '5 m', '-5m', '0s', '200ms', '1y', '1e9s'])('%j is none', (text) => {
  expect(() => parseDuration(text)).toThrow('write a duration');
});

test('a range ends on a multiple of its step, and is as long as it was asked for', () => {
  expect(toRange({ range: 900_000, step: 15_000 }, 1_000_007_000)).toEqual({
    from: 999_105_000,
    to: 1_000_005_000,
    stepMs: 15_000,
  });
});

test('without a step there are about 240 points', () => {
  expect(toRange({ range: 86_400_000 }, 1_000_000_000_000)?.stepMs).toBe(360_000);
});

test.each([
  [{ step: 1000 }, 'add --range'],
  [{ range: 60_000, step: 120_000 }, 'longer than --range'],
  [{ range: 86_400_000 * 365, step: 1000 }, 'make --step 2868s or longer'],
])('%j is wrong use', (options, message) => {
  expect(() => toRange(options, 0)).toThrow(message);
});

test('series are rows; what is not shown is counted', () => {
  const text = formatAnswer({
    kind: 'range',
    range: { from: 0, to: 2000, stepMs: 1000 },
    series: [{ labels: { __name__: 'up', job: 'a"b' }, values: [1, null, 3] }],
    seriesCount: 201,
    warnings: [],
  });
  expect(text).toMatch(/ 1 +2 +3 +3 +2 +up\{job="a\\"b"\}/);
  expect(text).toContain('1 of 201 series are shown');
});

test('what is not finite is shown as Prometheus wrote it', () => {
  const samples = [{ labels: {}, value: null, text: '+Inf' }];
  expect(formatAnswer({ kind: 'instant', at: 0, samples, seriesCount: 1, warnings: [] })).toMatch(/\+Inf +\{\}/);
});

test('labels of others do not steer a terminal', () => {
  const samples = [{ labels: { job: '\u001b[2J\u009b2J' }, value: 1, text: '1' }];
  const text = formatAnswer({ kind: 'instant', at: 0, samples, seriesCount: 1, warnings: [] });
  const own = text.replaceAll('\u001b[2m', '').replaceAll('\u001b[22m', '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone.
  expect(own).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('nothing is said to be nothing', () => {
  expect(formatAnswer({ kind: 'instant', at: 0, samples: [], seriesCount: 0, warnings: [] })).toContain('no series');
});
