import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContainerLog } from './containerLog.ts';
import { findTailPosition, formatMicros, isWanted, parseLogQuery, toFrame } from './logStream.ts';
import { parseTimeMicros } from './time.ts';

const linesOf = (log: ReturnType<typeof createContainerLog>) =>
  log.journal.read(0).entries.map(({ line }) => line.toString());

test('lines are put together from chunks, each stream for itself', () => {
  const log = createContainerLog();
  log.write('stdout', Buffer.from('a'));
  log.write('stderr', Buffer.from('x\n'));
  log.write('stdout', Buffer.from('b\nc\nd'));
  expect(linesOf(log)).toEqual(['x\n', 'ab\n', 'c\n']);
  log.flush();
  expect(linesOf(log)).toEqual(['x\n', 'ab\n', 'c\n', 'd\n']);
});

test('however the output is cut into chunks, the lines are the same', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.nat(20), { minLength: 1 }), (text, sizes) => {
      const log = createContainerLog();
      const bytes = Buffer.from(text);
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = 1 + (sizes[turn % sizes.length] ?? 0);
        log.write('stdout', bytes.subarray(at, at + size));
        at += size;
      }
      log.flush();
      const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
      expect(linesOf(log).join('')).toBe(whole);
      expect(linesOf(log).every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    }),
  );
});

test('a line that never ends is cut, and the log stays within its bytes', () => {
  const log = createContainerLog(100_000);
  for (let turn = 0; turn < 50; turn += 1) log.write('stdout', Buffer.alloc(10_000, 'x'));
  expect(log.journal.bytes).toBeLessThanOrEqual(100_000);
  expect(Math.max(...log.journal.read(0).entries.map(({ line }) => line.length))).toBe(16 * 1024);
});

test('times rise even within one millisecond', () => {
  const log = createContainerLog(10_000, () => 5);
  log.write('stdout', Buffer.from('a\nb\n'));
  expect(log.journal.read(0).entries.map(({ atMicros }) => atMicros)).toEqual([5_000, 5_001]);
});

test("a frame is Docker's: stream, three zeros, length, payload", () => {
  const entry = { stream: 'stderr', atMicros: 1_500_000, line: Buffer.from('hi\n') } as const;
  expect(toFrame(entry, { timestamps: false, raw: false }).toString('hex')).toBe('020000000000000368690a');
  expect(toFrame(entry, { timestamps: true, raw: true }).toString()).toBe('1970-01-01T00:00:01.500000000Z hi\n');
});

test.each([
  ['0', 0],
  ['1700000000', 1_700_000_000_000_000],
  ['1700000000.25', 1_700_000_000_250_000],
  ['1700000000.123456789', 1_700_000_000_123_456],
  ['', null],
  [null, null],
  ['yesterday', null],
])('time %j is %j microseconds', (text, micros) => {
  expect(parseTimeMicros(text)).toBe(micros);
});

test('formatMicros has nine digits', () => {
  expect(formatMicros(1_700_000_000_000_007)).toBe('2023-11-14T22:13:20.000007000Z');
});

test.each([
  ['stdout=1&tail=1', ['3']],
  ['stdout=1&tail=0', []],
  ['stdout=1&tail=all', ['1', '3']],
  ['stdout=1&stderr=1&tail=2', ['2', '3']],
  ['stdout=true&tail=50', ['1', '3']],
  ['stdout=1&stderr=1&since=2', ['2', '3']],
  ['stdout=1&stderr=1&until=2.5', ['1', '2']],
])('logs?%s gives lines %j', (query, expected) => {
  let ms = 0;
  const log = createContainerLog(10_000, () => {
    ms += 1_000;
    return ms;
  });
  log.write('stdout', Buffer.from('1\n'));
  log.write('stderr', Buffer.from('2\n'));
  log.write('stdout', Buffer.from('3\n'));
  const wanted = parseLogQuery(new URLSearchParams(query));
  const { entries } = log.journal.read(findTailPosition(log, wanted));
  expect(entries.filter((entry) => isWanted(wanted, entry)).map(({ line }) => line.toString().trim())).toEqual(
    expected,
  );
});

test('without a stream the query is refused', () => {
  expect(() => parseLogQuery(new URLSearchParams('follow=1'))).toThrow(expect.objectContaining({ status: 400 }));
});
