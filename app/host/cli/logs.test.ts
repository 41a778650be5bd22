import { expect, test } from 'vitest';
import type { LogLine } from '../../contract/index.ts';
import { formatLine, parseLevels, toFilter, toRemarks } from './logs.ts';

const line: LogLine = {
  at: Date.parse('2026-01-02T03:04:05.678Z'),
  stamp: '2026-01-02T03:04:05.678000000Z',
  service: 'search',
  container: 'shop-search-2',
  stream: 'stdout',
  level: 'error',
  text: '',
  message: 'failed',
  fields: [['ms', '12']],
  traceId: null,
  requestId: null,
  styles: [],
  hits: [],
  isHit: false,
  cut: false,
  late: false,
};

test.each([
  ['warn', ['error', 'warn']],
  ['ERROR', ['error']],
  ['debug', ['error', 'warn', 'info', 'debug']],
  ['unknown', ['unknown']],
  ['warn,unknown', ['error', 'warn', 'unknown']],
  ['error,info', ['error', 'info']],
  ['=warn', ['warn']],
  ['=info,unknown', ['info', 'unknown']],
])('--level %s means %j', (text, levels) => {
  expect(parseLevels(text)).toEqual(levels);
});

test.each(['', 'loud', 'warn,', 'error;warn'])('--level %j is refused', (text) => {
  expect(() => parseLevels(text)).toThrow('write one or more of');
});

test.each([
  [{ extendedRegexp: true as const }, 'add --grep'],
  [{ since: 2, until: 1 }, 'exchange them'],
  [{ trace: 'xyz' }, 'no trace id'],
])('%j is wrong use', (options, message) => {
  expect(() => toFilter([], options)).toThrow(message);
});

test('a line has its time, its container, its level and what it says', () => {
  expect(formatLine(line)).toBe('03:04:05.678 search-2         error  failed ms=12');
  expect(formatLine({ ...line, at: 0, level: null, stream: 'stderr', cut: true })).toBe(
    '------------ search-2         stderr failed ms=12 … cut at 16 KiB',
  );
});

test('nothing in a line steers a terminal', () => {
  const evil = '\u001b[2J\u009b1m\r\nx\u202e';
  const text = formatLine({
    ...line,
    container: evil,
    message: evil,
    fields: [[evil, evil]],
    styles: [{ start: 0, end: 3, colour: 'red', bold: false, dim: false, italic: false, underline: false }],
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone.
  expect(text.replace(/\u001b\[\d{1,2}m/g, '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('what is missing is said', () => {
  const batch = {
    lines: [],
    skipped: 3,
    reach: { read: 1, cursor: null, endedBy: 'it took longer than 10 s' },
    away: { from: 0, to: 61_000 },
    unreadable: [{ service: 's', container: 'c', reason: 'no' }],
  };
  expect(toRemarks(batch)).toEqual([
    '… earlier lines may be missing: it took longer than 10 s',
    '… the log of c cannot be read: no',
    '… the engine could not be read from 00:00:00 to 00:01:01',
    '… 3 lines lost: what reads them was too slow',
  ]);
});
