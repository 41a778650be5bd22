import { expect, test } from 'vitest';
import type { GateCondition } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { toContainer, toImage, toProject } from '../../test/simulatedStack.ts';
import { toContainerSpec } from '../spec/containerSpec.ts';
import { toGateState, toHealthLimitMs } from './gateState.ts';

function container(given: Partial<StackContainer> = {}, healthcheck: object | null = { test: ['CMD', 'x'] }) {
  const project = toProject({ db: healthcheck ? { healthcheck } : {} });
  const spec = toContainerSpec(project, 'db', 1, { image: toImage(), findContainer: () => undefined });
  return toContainer(spec, toImage(), given);
}

const cases: [GateCondition, Partial<StackContainer>, string][] = [
  ['started', { startedAt: null, state: 'created' }, 'waiting'],
  ['started', {}, 'open'],
  // It was started, which is all that was asked for.
  ['started', { state: 'exited' }, 'open'],
  ['healthy', {}, 'open'],
  ['healthy', { health: 'starting' }, 'waiting'],
  ['healthy', { state: 'restarting', health: 'starting' }, 'waiting'],
  ['healthy', { health: 'unhealthy', probeOutput: 'refused\n' }, 'failed: shop-db-1 is unhealthy: refused'],
  ['healthy', { state: 'exited', exitCode: 1 }, 'failed: shop-db-1 ended, exit 1'],
  ['healthy', { state: 'paused' }, 'failed: shop-db-1 is paused'],
  ['completed', {}, 'waiting'],
  ['completed', { state: 'restarting', exitCode: 1 }, 'waiting'],
  ['completed', { state: 'exited' }, 'open'],
  [
    'completed',
    { state: 'exited', exitCode: 137, outOfMemory: true },
    'failed: shop-db-1 ended, exit 137, out of memory',
  ],
];
test.each(cases)('%s: %j is %s', (condition, given, expected) => {
  const state = toGateState(condition, [container(given)]);
  expect(state.state === 'failed' ? `failed: ${state.cause}` : state.state).toBe(expected);
});

test('all replicas have to be so, and one that cannot be is enough to fail', () => {
  const [good, starting, bad] = [container(), container({ health: 'starting' }), container({ health: 'unhealthy' })];
  expect(toGateState('healthy', [good, starting]).state).toBe('waiting');
  expect(toGateState('healthy', [starting, bad]).state).toBe('failed');
  expect(toGateState('healthy', [good, good]).state).toBe('open');
});

test.each([
  ['none at all', [], 'it has no container'],
  ['one that is gone', [undefined], 'its container was removed meanwhile'],
  ['one without a check', [container({}, null)], 'shop-db-1 has no health check, so that it never says healthy'],
])('%s never gets healthy', (_, containers, cause) => {
  expect(toGateState('healthy', containers)).toMatchObject({ state: 'failed', cause });
});

test.each([
  [{ test: ['CMD', 'x'], interval: '5s', timeout: '3s', retries: 3, start_period: '10s' }, 10_000 + 3 * 8000],
  [{ test: ['CMD', 'x'] }, 3 * 60_000],
])('how long a check may take: %j', (healthcheck, ms) => {
  expect(toHealthLimitMs(container({}, healthcheck))).toBe(ms);
});
