import { expect, test } from 'vitest';
import { advance, type Command, type ContainerStatus, INITIAL_STATE, judge, type StateEvent } from './state.ts';

const commands: Command[] = ['start', 'stop', 'restart', 'kill', 'remove', 'forceRemove'];
const table: Record<ContainerStatus, string> = {
  created: 'go nothing go refuse go go',
  running: 'nothing go go go refuse go',
  exited: 'go nothing go refuse go go',
  removing: 'refuse refuse refuse refuse refuse refuse',
};

test.each(Object.entries(table))(
  '%s answers start, stop, restart, kill, remove and forced remove with %s',
  (status, expected) => {
    expect(commands.map((command) => judge(status as ContainerStatus, command).kind).join(' ')).toBe(expected);
  },
);

const after = (...events: StateEvent[]) => events.reduce(advance, INITIAL_STATE);
const spawned: StateEvent = { type: 'spawned', pid: 7, at: 100 };

test.each([
  ['created', after(), { status: 'created', pid: 0 }],
  ['spawned', after(spawned), { status: 'running', pid: 7, startedAt: 100 }],
  ['asked to stop', after(spawned, { type: 'stopAsked' }), { status: 'running', stopAsked: true }],
  [
    'ended',
    after(spawned, { type: 'ended', exitCode: 137, at: 200 }),
    { status: 'exited', pid: 0, exitCode: 137, startedAt: 100, finishedAt: 200 },
  ],
  ['failed to start', after({ type: 'startFailed', error: 'why' }), { status: 'created', exitCode: 128, error: 'why' }],
  [
    'started after a failure',
    after({ type: 'startFailed', error: 'why' }, spawned),
    { status: 'running', exitCode: 0, error: '' },
  ],
  [
    'started again after a stop',
    after(spawned, { type: 'stopAsked' }, { type: 'ended', exitCode: 0, at: 2 }, spawned),
    { status: 'running', stopAsked: false },
  ],
  [
    'ended while it is removed',
    after(spawned, { type: 'removalBegan' }, { type: 'ended', exitCode: 137, at: 2 }),
    { status: 'removing', pid: 0 },
  ],
])('%s', (_, state, expected) => {
  expect(state).toMatchObject(expected);
});
