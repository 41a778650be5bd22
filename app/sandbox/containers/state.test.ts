import { expect, test } from 'vitest';
import { advance, type Command, type ContainerStatus, INITIAL_STATE, judge, type StateEvent } from './state.ts';

const commands: Command[] = ['start', 'stop', 'restart', 'kill', 'pause', 'unpause', 'remove', 'forceRemove'];
const table: Record<ContainerStatus, string> = {
  created: 'go nothing go refuse refuse refuse go go',
  running: 'nothing go go go go refuse refuse go',
  paused: 'refuse go go go refuse go refuse go',
  restarting: 'nothing go go go refuse refuse refuse go',
  exited: 'go nothing go refuse refuse refuse go go',
  removing: 'refuse refuse refuse refuse refuse refuse refuse refuse',
};

test.each(Object.entries(table))(
  '%s answers start, stop, restart, kill, pause, unpause, remove and forced remove with %s',
  (status, expected) => {
    expect(commands.map((command) => judge(status as ContainerStatus, command).kind).join(' ')).toBe(expected);
  },
);

const after = (...events: StateEvent[]) => events.reduce(advance, INITIAL_STATE);
const failed: StateEvent = { type: 'startFailed', error: 'why', at: 150 };
const ended: StateEvent = { type: 'ended', exitCode: 137, at: 200, restarts: false };
const spawned: StateEvent = { type: 'spawned', pid: 7, at: 100 };

test.each([
  ['created', after(), { status: 'created', pid: 0 }],
  ['spawned', after(spawned), { status: 'running', pid: 7, startedAt: 100 }],
  ['asked to stop', after(spawned, { type: 'stopAsked' }), { status: 'running', stopAsked: true }],
  ['ended', after(spawned, ended), { status: 'exited', pid: 0, exitCode: 137, startedAt: 100, finishedAt: 200 }],
  ['failed to start', after(failed), { status: 'created', exitCode: 128, error: 'why' }],
  ['started after a failure', after(failed, spawned), { status: 'running', exitCode: 0, error: '' }],
  ['paused', after(spawned, { type: 'paused' }), { status: 'paused', pid: 7 }],
  ['resumed', after(spawned, { type: 'paused' }, { type: 'resumed' }), { status: 'running', pid: 7 }],
  [
    'ended, to be restarted',
    after(spawned, { ...ended, restarts: true }),
    { status: 'restarting', pid: 0, exitCode: 137, restartCount: 1 },
  ],
  [
    'restarted by policy',
    after(spawned, { ...ended, restarts: true }, spawned),
    { status: 'running', restartCount: 1 },
  ],
  [
    'started by a client after restarts',
    after(spawned, { ...ended, restarts: true }, { type: 'restartCancelled' }, { type: 'startAsked' }, spawned),
    { status: 'running', restartCount: 0 },
  ],
  [
    'not startable at its restart',
    after(spawned, { ...ended, restarts: true }, failed),
    { status: 'exited', exitCode: 128, error: 'why' },
  ],
  [
    'started again after a stop',
    after(spawned, { type: 'stopAsked' }, ended, { type: 'startAsked' }, spawned),
    { status: 'running', stopAsked: false },
  ],
  ['ended while it is removed', after(spawned, { type: 'removalBegan' }, ended), { status: 'removing', pid: 0 }],
])('%s', (_, state, expected) => {
  expect(state).toMatchObject(expected);
});
