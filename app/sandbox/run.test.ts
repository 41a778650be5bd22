import { expect, test } from 'vitest';
import { parseSandboxArguments } from './run.ts';

test('the state folder stands beside the socket when it is not named', () => {
  expect(parseSandboxArguments(['--socket', '/run/x.sock', '--parent-pid', '12', '--end-with-stdin'])).toEqual({
    socketPath: '/run/x.sock',
    stateFolder: '/run/x.sock.d',
    parentPid: 12,
    endWithStdin: true,
    spansTo: undefined,
  });
});

test.each([
  [[], '--socket PATH is missing'],
  [['--socket', 'x', '--parent-pid', '0'], '--parent-pid "0" is not a process id'],
  [['--socket', 'x', '--spans-to', '10.0.0.1:4318'], 'is not an address of loopback'],
  [['--socket', 'x', '--nope'], "Unknown option '--nope'"],
])('%j is wrong use', (argv, message) => {
  expect(parseSandboxArguments(argv)).toContain(message);
});
