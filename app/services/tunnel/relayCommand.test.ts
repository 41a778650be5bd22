import { expect, test } from 'vitest';
import { toRelayCommand } from './relayCommand.ts';

test.each([
  ['as our image has it', ['node', '/opt/gatehouse/gateway.js'], ['node', '/opt/gatehouse/gateway.js', 'relay']],
  [
    'elsewhere, behind an init',
    ['tini', '--', '/usr/bin/node', '/app/gateway.js'],
    ['/usr/bin/node', '/app/gateway.js', 'relay'],
  ],
  ['not said', null, ['node', '/opt/gatehouse/gateway.js', 'relay']],
  ['a script', ['/start.sh'], ['node', '/opt/gatehouse/gateway.js', 'relay']],
  ['the program alone', ['/app/gateway.js'], ['node', '/opt/gatehouse/gateway.js', 'relay']],
])('%s', (_name, entrypoint, command) => {
  expect(toRelayCommand(entrypoint)).toEqual(command);
});

test('addresses of the networks are reached only where that is asked for', () => {
  expect(toRelayCommand(null, true)).toEqual(['node', '/opt/gatehouse/gateway.js', 'relay', '--allow', 'tcp']);
});
