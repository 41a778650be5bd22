import { createHash } from 'node:crypto';
import { expect, onTestFinished, test, vi } from 'vitest';
import { GatehouseError } from '../../contract/index.ts';
import type { Machine } from '../docker/machine.ts';
import { createFakeEngine } from '../test/fakeEngine.ts';
import { installStandInSsh } from '../test/standInSsh.ts';
import { createEngineProbe } from './engineProbe.ts';
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

const contexts = (...names: string[]): Machine => {
  const ids = new Map(names.map((name) => [createHash('sha256').update(name).digest('hex'), name]));
  return {
    ...machine({}),
    listFolder: () => [...ids.keys()],
    readText: (path) => {
      const name = [...ids].find(([id]) => path.includes(id))?.[1];
      if (name === undefined) return '{"currentContext":"here"}';
      return path.endsWith('meta.json')
        ? JSON.stringify({ Name: name, Endpoints: { docker: { Host: `ssh://${name.toLowerCase()}` } } })
        : undefined;
    },
  };
};
const sandbox = { socketPath: undefined };

test('the other contexts are engines of their own, by names that an address may hold', () => {
  const engines = createEngines({ engineChoice: 'auto', sandbox, machine: contexts('here', 'Shop.prod', 'build') });
  expect([...engines.keys()]).toEqual(['docker', 'context-shop-prod', 'context-build', 'sandbox']);
  expect(engines.get('context-shop-prod')?.findAddress()).toMatchObject({ kind: 'ssh', host: 'shop.prod' });
  expect(createEngines({ engineChoice: 'sandbox', sandbox, machine: contexts('far') }).has('context-far')).toBe(false);
});

test('a context is not connected to before somebody asks', async () => {
  const engines = createEngines({ engineChoice: 'docker', sandbox, machine: contexts('here', 'far') });
  const far = engines.get('context-far');
  if (!far) throw new Error('the context is missing');
  let opened = 0;
  const open = () => {
    opened += 1;
    throw new GatehouseError({ code: 'engine-unreachable', message: 'no', remedy: 'no' });
  };
  const probe = createEngineProbe({ ...far, open });
  expect((await probe.look()).view).toMatchObject({ state: 'notAsked', place: 'far', address: 'ssh://far' });
  expect(opened).toBe(0);
  far.ask();
  expect((await probe.look()).view).toMatchObject({ state: 'unreachable', problem: { code: 'engine-unreachable' } });
  expect(opened).toBe(1);
});

test('an engine that is slow to answer is connecting, and does not hold up the others', async () => {
  const fake = createFakeEngine();
  await fake.listen();
  fake.hang();
  const ssh = installStandInSsh(fake.socketPath);
  onTestFinished(() => fake.close());
  const far = createEngines({ engineChoice: 'docker', sandbox, machine: machine({ DOCKER_HOST: 'ssh://far' }) }).get(
    'docker',
  );
  if (!far) throw new Error('the engine is missing');
  const probe = createEngineProbe(far);
  onTestFinished(() => probe.close());
  expect((await probe.look()).view.state).toBe('connecting');
  await vi.waitFor(() => expect(ssh.starts().length).toBeGreaterThan(0), { timeout: 20_000 });
  await fake.die();
  await vi.waitFor(async () => expect((await probe.look()).view.state).toBe('unreachable'), { timeout: 20_000 });
}, 60_000);
