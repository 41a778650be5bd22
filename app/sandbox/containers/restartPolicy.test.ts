import { expect, test } from 'vitest';
import { nextRestartDelayMs, parseRestartPolicy, shouldRestart } from './restartPolicy.ts';

const failed = { exitCode: 1, restartCount: 0, stopAsked: false };
const done = { ...failed, exitCode: 0 };
const stopped = { ...failed, stopAsked: true };

test.each([
  ['no', 0, failed, false],
  ['always', 0, failed, true],
  ['always', 0, done, true],
  ['always', 0, stopped, false],
  ['unless-stopped', 0, done, true],
  ['unless-stopped', 0, stopped, false],
  ['on-failure', 0, failed, true],
  ['on-failure', 0, done, false],
  ['on-failure', 2, { ...failed, restartCount: 1 }, true],
  ['on-failure', 2, { ...failed, restartCount: 2 }, false],
  ['on-failure', 0, { ...failed, restartCount: 99 }, true],
] as const)('%s:%i after %j restarts: %s', (name, maximumRetries, end, expected) => {
  expect(shouldRestart({ name, maximumRetries }, end)).toBe(expected);
});

test('the wait doubles from 100 ms to a minute, and is short again after a run of ten seconds', () => {
  const delays = [0];
  for (let restart = 0; restart < 12; restart += 1) delays.push(nextRestartDelayMs(delays.at(-1) ?? 0, 500));
  expect(delays.slice(1)).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 60_000, 60_000]);
  expect(nextRestartDelayMs(60_000, 10_000)).toBe(100);
});

test.each([
  [undefined, 'no'],
  [{ Name: '', MaximumRetryCount: 0 }, 'no'],
  [{ Name: 'on-failure', MaximumRetryCount: 3 }, 'on-failure'],
])('%j is the policy %s', (given, name) => {
  expect(parseRestartPolicy(given).name).toBe(name);
});

test.each([
  [{ Name: 'bogus' }, "invalid restart policy 'bogus'"],
  [{ Name: 'always', MaximumRetryCount: 3 }, "maximum retry count cannot be used with restart policy 'always'"],
  [{ Name: 'on-failure', MaximumRetryCount: -1 }, 'cannot be negative'],
])('%j is refused', (given, message) => {
  expect(() => parseRestartPolicy(given)).toThrow(
    expect.objectContaining({ status: 400, message: expect.stringContaining(message) }),
  );
});
