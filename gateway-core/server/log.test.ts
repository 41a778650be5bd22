import { expect, test } from 'vitest';
import { createLimitedWarning, createLog } from './log.ts';

test('a value cannot fake a line', () => {
  const lines: string[] = [];
  createLog((line) => lines.push(line)).warn('failed', { path: '/x\n{"level":"error"}' });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd()).not.toContain('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', msg: 'failed', path: '/x\n{"level":"error"}' });
});

test('a flood of warnings about one upstream is one line, with the count of the rest in the next', () => {
  const lines: unknown[] = [];
  let now = 0;
  const log = { info() {}, error() {}, warn: (_message: string, fields?: unknown) => lines.push(fields) };
  const warn = createLimitedWarning(log, 1_000, () => now);
  for (let index = 0; index < 5; index++) warn('search', 'failed', { index });
  warn('pricing', 'failed', { index: 9 });
  now = 1_000;
  warn('search', 'failed', { index: 10 });
  expect(lines).toEqual([{ index: 0 }, { index: 9 }, { index: 10, suppressed: 4 }]);
});

test('values cannot act on a terminal, and words stay readable', () => {
  let line = '';
  const log = createLog((text) => {
    line += text;
  });
  log.info('closed → open', { path: '\x9b31m\x7f\u202e\n' });
  expect(line).toContain('closed → open');
  expect(line).toContain('"path":"\\u009b31m\\u007f\\u202e\\n"');
  expect(JSON.parse(line)).toMatchObject({ path: '\x9b31m\x7f\u202e\n' });
});
