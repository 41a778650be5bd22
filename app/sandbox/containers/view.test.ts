import { expect, test } from 'vitest';
import type { Container } from './container.ts';
import { INITIAL_STATE } from './state.ts';
import { describeDuration, describeStatus } from './view.ts';

test.each([
  [200, 'Less than a second'],
  [1_000, '1 second'],
  [59_000, '59 seconds'],
  [61_000, 'About a minute'],
  [600_000, '10 minutes'],
  [3_600_000, 'About an hour'],
  [36_000_000, '10 hours'],
  [864_000_000, '10 days'],
])('%i ms is %s', (ms, words) => {
  expect(describeDuration(ms)).toBe(words);
});

const running = { ...INITIAL_STATE, status: 'running', startedAt: 0 } as const;
const health = { failingStreak: 0, log: [], countFrom: 0 };
test.each([
  [{ state: INITIAL_STATE, health: null }, 'Created'],
  [{ state: running, health: null }, 'Up 5 seconds'],
  [{ state: running, health: { ...health, status: 'starting' } }, 'Up 5 seconds (health: starting)'],
  [{ state: running, health: { ...health, status: 'unhealthy' } }, 'Up 5 seconds (unhealthy)'],
  [
    { state: { ...INITIAL_STATE, status: 'exited', exitCode: 137, finishedAt: 3_000 }, health: null },
    'Exited (137) 2 seconds ago',
  ],
])('%j is shown as %s', (container, words) => {
  expect(describeStatus(container as Container, 5_000)).toBe(words);
});
