import { expect, test } from 'vitest';
import type { SshAddress } from './address.ts';
import { toSshArguments } from './sshConnection.ts';

const address = (given: Partial<SshAddress> = {}): SshAddress => ({
  kind: 'ssh',
  user: null,
  host: 'build',
  port: null,
  socketPath: null,
  ...given,
});
const fixed = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T', '--'];

test.each<[Partial<SshAddress>, string[]]>([
  [{}, [...fixed, 'build', 'docker', 'system', 'dial-stdio']],
  [{ user: 'op', port: 2222 }, ['-l', 'op', '-p', '2222', ...fixed, 'build', 'docker', 'system', 'dial-stdio']],
  [
    { socketPath: "/run/it's.sock" },
    [...fixed, 'build', 'docker', '--host', `'unix:///run/it'\\''s.sock'`, 'system', 'dial-stdio'],
  ],
])('%j becomes the arguments of ssh', (given, expected) => {
  expect(toSshArguments(address(given))).toEqual(expected);
});
