import { expect, test } from 'vitest';
import { findLogLevel } from './logLine.ts';

test.each([
  ['{"level":"info"}', 'info'],
  ['{"level":"WARNING"}', 'warn'],
  ['{"severity":"CRITICAL"}', 'error'],
  ['{"level":30}', 'info'],
  ['{"level":50}', 'error'],
  ['{"level":10}', 'debug'],
  ['{"level":"loud"}', null],
  ['{"level":null}', null],
  ['{broken}', null],
  ['ERROR in plain text', null],
  ['[]', null],
])('%s → %s', (text, level) => {
  expect(findLogLevel(text)).toBe(level);
});
