import { expect, test } from 'vitest';
import type { Machine } from '../docker/machine.ts';
import { createEngines } from './engines.ts';

const machine = (env: Machine['env']): Machine => ({
  env,
  homeFolder: '/home/op',
  platform: 'linux',
  userId: undefined,
  readText: () => undefined,
  listFolder: () => [],
  exists: () => false,
});
const reaches = (env: Machine['env']) =>
  [...createEngines({ engineChoice: 'auto', sandbox: { socketPath: undefined }, machine: machine(env) })].map(
    ([id, { gatewayReach }]) => [id, gatewayReach],
  );

test.each<[string, Machine['env'], 'socket' | 'exec']>([
  ['its own sandbox, by the socket on this machine', {}, 'socket'],
  ['the sandbox by exec where that is asked for', { GATEHOUSE_SANDBOX_RELAY: '1' }, 'exec'],
  ['any other value asks for nothing', { GATEHOUSE_SANDBOX_RELAY: 'yes' }, 'socket'],
])('gateways are reached by exec on a Docker engine; %s', (_name, env, sandbox) => {
  expect(reaches(env)).toEqual([
    ['docker', 'exec'],
    ['sandbox', sandbox],
  ]);
});
