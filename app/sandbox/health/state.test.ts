import { expect, test } from 'vitest';
import { advanceHealth, beginHealth, endHealth, type HealthState, nextProbeMs, toHealthPlan } from './state.ts';

const plan = toHealthPlan({
  test: ['CMD', 'x'],
  intervalMs: 5_000,
  timeoutMs: 0,
  startPeriodMs: 0,
  startIntervalMs: 0,
  retries: 2,
});

/** Probes as [time, exit code]. */
function after(...probes: [number, number][]): HealthState {
  return probes.reduce(
    (health, [at, exitCode]) => advanceHealth(health, plan, { startedAt: at, endedAt: at, exitCode, output: '' }),
    beginHealth(plan, 0),
  );
}

test.each([
  ['nothing yet', after(), 'starting', 0],
  ['a success', after([250, 0]), 'healthy', 0],
  ['quick failures before the first interval do not count', after([250, 1], [750, 1], [1_250, 1]), 'starting', 0],
  ['a failure after it counts', after([5_000, 1]), 'starting', 1],
  ['the next quick one does not', after([5_000, 1], [5_500, 1]), 'starting', 1],
  ['one an interval later does', after([5_000, 1], [10_000, 1]), 'unhealthy', 2],
  ['one failure of a healthy one is not enough', after([250, 0], [5_250, 1]), 'healthy', 1],
  ['as many as retries are', after([250, 0], [5_250, 1], [10_250, 1]), 'unhealthy', 2],
  ['one success heals', after([250, 0], [5_250, 1], [10_250, 1], [15_250, 0]), 'healthy', 0],
] as const)('%s', (_, health, status, failingStreak) => {
  expect(health).toMatchObject({ status, failingStreak });
});

test('the log keeps the five newest probes', () => {
  const health = after([1, 0], [2, 0], [3, 0], [4, 0], [5, 0], [6, 0]);
  expect(health.log.map((probe) => probe.endedAt)).toEqual([2, 3, 4, 5, 6]);
});

test('failures within the start period do not count', () => {
  const slow = { ...plan, startPeriodMs: 60_000 };
  const health = advanceHealth(beginHealth(slow, 0), slow, {
    startedAt: 59_000,
    endedAt: 59_000,
    exitCode: 1,
    output: '',
  });
  expect(health).toMatchObject({ status: 'starting', failingStreak: 0 });
});

test('the first probe comes at once, then often while starting, then each interval', () => {
  expect(nextProbeMs(after(), plan)).toBe(250);
  expect(nextProbeMs(after([250, 1]), plan)).toBe(500);
  expect(nextProbeMs(after([250, 0]), plan)).toBe(5_000);
});

test('a start interval of the client is kept while it starts', () => {
  const own = { ...plan, startIntervalMs: 2_000 };
  expect(nextProbeMs(after([250, 1]), own)).toBe(2_000);
  expect(nextProbeMs(after([250, 0]), own)).toBe(5_000);
});

test('zeros mean the defaults, and what has ended is unhealthy', () => {
  const zeros = toHealthPlan({
    test: [],
    intervalMs: 0,
    timeoutMs: 0,
    startPeriodMs: 0,
    startIntervalMs: 0,
    retries: 0,
  });
  expect(zeros).toMatchObject({ intervalMs: 5_000, timeoutMs: 5_000, retries: 3 });
  expect(endHealth(after([250, 0])).status).toBe('unhealthy');
});
