import { expect, test } from 'vitest';
import type { PlanStep } from '../../../contract/index.ts';
import { EngineRefusal } from '../../docker/engineProblem.ts';
import { performNetwork } from './partActions.ts';
import type { Run } from './run.ts';

const step = { resource: 'network', action: 'remove', name: 'shop_default', key: 'default' } as PlanStep;

/** An engine that refuses so often, and a clock that goes on by a second at each pulse. */
function createRun(refusals: number, members: readonly { id: string; name: string }[]) {
  let now = 0;
  let asked = 0;
  const refusal = new EngineRefusal('remove network shop_default', 403, 'network shop_default has active endpoints');
  const networks = {
    remove: async () => {
      asked += 1;
      if (asked <= refusals) throw refusal;
    },
    inspect: async () => ({ members }),
  };
  const run = {
    engine: { stack: { networks } },
    options: { signal: new AbortController().signal },
    pulse: {
      next: async () => {
        now += 1000;
      },
    },
    now: () => now,
  } as unknown as Run;
  return { run, asked: () => asked };
}

test('a network that the last container leaves a moment after it has stopped is waited for', async () => {
  const { run, asked } = createRun(3, []);
  await expect(performNetwork(run, step)).resolves.toBe('removed');
  expect(asked()).toBe(4);
});

test.each([
  ['what stays on it is named', [{ id: '1', name: 'other-web-1' }], /other-web-1 is on it/, /disconnect other-web-1/],
  ['an engine that shows nothing has lost count', [], /shows nothing/, /restart/],
])('a network that stays in use is given up on: %s', async (_, members, message, remedy) => {
  const { run, asked } = createRun(Number.POSITIVE_INFINITY, members);
  await expect(performNetwork(run, step)).rejects.toMatchObject({
    state: 'failed',
    note: {
      code: 'network-in-use',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    },
  });
  expect(asked()).toBe(6);
});
