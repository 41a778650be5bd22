import { expect, test } from 'vitest';
import { decideSequel, type HostEnd, type Sequel } from './restartPolicy.ts';

const CRASH: HostEnd = { restarts: 0, readyMs: 1000, exitCode: 1, askedForPort: false };

function restart(delayMs: number, restarts: number, forgetPort = false): Sequel {
  return { kind: 'restart', delayMs, restarts, forgetPort };
}

test.each<[name: string, end: Partial<HostEnd>, sequel: Sequel]>([
  ['the first crash', {}, restart(500, 1)],
  ['the second', { restarts: 1 }, restart(2000, 2)],
  ['the third', { restarts: 2 }, restart(5000, 3)],
  ['the fourth', { restarts: 3 }, { kind: 'giveUp', restarts: 3 }],
  ['the fourth, just before it was well', { restarts: 3, readyMs: 59_999 }, { kind: 'giveUp', restarts: 3 }],
  ['the fourth, after 60 s of health', { restarts: 3, readyMs: 60_000 }, restart(500, 1)],
  ['a host that was never ready', { readyMs: undefined }, restart(500, 1)],
  ['a host that a signal ended', { exitCode: null }, restart(500, 1)],
  ['a host that ended well, but unasked', { exitCode: 0 }, restart(500, 1)],
  ['wrong use', { readyMs: undefined, exitCode: 2 }, { kind: 'giveUp', restarts: 0 }],
  ['wrong use of the kept port', { readyMs: undefined, exitCode: 2, askedForPort: true }, restart(0, 0, true)],
  ['the code of wrong use from a host that was ready', { exitCode: 2, askedForPort: true }, restart(500, 1)],
])('%s', (_name, end, sequel) => {
  expect(decideSequel({ ...CRASH, ...end })).toEqual(sequel);
});

test('the number of restarts and the time of health come from the policy', () => {
  const policy = { delaysMs: [7], healthyMs: 10 };
  expect(decideSequel({ ...CRASH, readyMs: 1 }, policy)).toEqual(restart(7, 1));
  expect(decideSequel({ ...CRASH, restarts: 1, readyMs: 9 }, policy)).toEqual({ kind: 'giveUp', restarts: 1 });
  expect(decideSequel({ ...CRASH, restarts: 1, readyMs: 10 }, policy)).toEqual(restart(7, 1));
});
