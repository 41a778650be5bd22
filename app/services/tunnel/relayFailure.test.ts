import { expect, test } from 'vitest';
import { GatehouseError } from '../../contract/index.ts';
import { EngineRefusal } from '../docker/engineProblem.ts';
import { RelayFailure, toOpenFailure, toRelayFailure } from './relayFailure.ts';

const oci =
  'OCI runtime exec failed: exec failed: unable to start container process: exec: "node": executable file not found in $PATH: unknown\r\n';

test.each([
  ['no node, as dockerd says it', 127, oci, 'has no Node'],
  ['no node, where no exit code is told', null, oci, 'has no Node'],
  ['node that may not be executed', 126, '', 'has no Node'],
  [
    'no program',
    1,
    "node:internal/modules\nError: Cannot find module '/opt/gatehouse/gateway.js'",
    'program where it is looked for',
  ],
  [
    'a gateway before the relay',
    2,
    "Unexpected argument 'relay'. This command does not take positional arguments",
    "has no relay (Unexpected argument 'relay'",
  ],
  [
    'a program that talks of something else',
    null,
    '{"msg":"listening"}\nrelay protocol: there is no frame type 109',
    'has no relay',
  ],
  ['another version', 1, 'relay protocol: the other side speaks version 2, this one version 1', 'different versions'],
])('absent, with a remedy: %s', (_name, exitCode, said, message) => {
  const failure = toRelayFailure({ name: 'api_gateway', exitCode, said });
  expect(failure.absence).toEqual({
    code: 'gateway-absent',
    message: expect.stringContaining(message),
    remedy: expect.stringContaining('Dockerfile'),
  });
});

test.each([
  ['killed', 137, '', 'ended with exit code 137'],
  ['nothing came', null, '', 'has not answered'],
])('lost, to be tried again: %s', (_name, exitCode, said, message) => {
  const failure = toRelayFailure({ name: 'api_gateway', exitCode, said });
  expect(failure.absence).toBeUndefined();
  expect(failure.message).toContain(message);
});

test('what a container says is shown without control characters, and cut', () => {
  const failure = toRelayFailure({ name: 'x', exitCode: 1, said: `\u001b[31mred\u0007${'x'.repeat(5000)}` });
  expect(failure.message).toMatch(/\(redx+\)$/);
  expect(failure.message.length).toBeLessThan(300);
});

test('an engine that allows no exec is named, one that is busy or gone is tried again', () => {
  expect(toOpenFailure('api', new EngineRefusal('exec', 403, 'no')).absence?.remedy).toContain('Allow exec');
  expect(toOpenFailure('api', new EngineRefusal('exec', 409, 'container is paused'))).toMatchObject({
    message: expect.stringContaining('paused'),
    absence: undefined,
  });
  const gone = new GatehouseError({ code: 'engine-unreachable', message: 'The engine does not answer.', remedy: '' });
  expect(toOpenFailure('api', gone)).toMatchObject({ message: 'The engine does not answer.', absence: undefined });
  const failure = new RelayFailure('x');
  expect(toOpenFailure('api', failure)).toBe(failure);
});
