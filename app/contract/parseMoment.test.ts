import { expect, test } from 'vitest';
import { parseMoment } from './parseMoment.ts';

const now = Date.parse('2026-03-04T14:00:00Z');

test.each([
  ['15m', '2026-03-04T13:45:00Z'],
  ['1h30m', '2026-03-04T12:30:00Z'],
  ['2d', '2026-03-02T14:00:00Z'],
  [' 13:59 ', '2026-03-04T13:59:00Z'],
  ['14:03:29.5', '2026-03-03T14:03:29.500Z'],
  ['2026-03-01', '2026-03-01T00:00:00Z'],
  ['2026-03-01 10:20', '2026-03-01T10:20:00Z'],
  ['2026-03-01T10:20:30.123456789Z', '2026-03-01T10:20:30.123Z'],
  ['2026-03-01T10:20:30+02:00', '2026-03-01T08:20:30Z'],
  [String(now), '2026-03-04T14:00:00Z'],
])('%s is %s', (text, moment) => {
  expect(parseMoment(text, now)).toBe(Date.parse(moment));
});

test.each(['', 'yesterday', '15', '1y', '25:00', '2026-13-01', '-5m'])('%j is no moment', (text) => {
  expect(parseMoment(text, now)).toBeNull();
});
