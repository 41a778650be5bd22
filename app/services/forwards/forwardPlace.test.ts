import { expect, test } from 'vitest';
import { container, observed } from '../test/samples.ts';
import { findForwardPlace } from './forwardPlace.ts';
import { inOrder } from './forwardRoute.ts';
import { isUsuallyWeb } from './webPorts.ts';

const on = (...networks: [name: string, address: string][]) =>
  networks.map(([name, address]) => ({ name, address, aliases: [] }));
const gateway = container({
  service: 'api_gateway',
  image: 'gatehouse/api-gateway:0.1.0',
  networks: on(['shop_backend', '10.1.0.2'], ['shop_monitoring', '10.2.0.2']),
});
const redis = container({
  service: 'redis',
  networks: on(['shop_backend', '10.1.0.9'], ['shop_monitoring', '10.2.0.9']),
});
const backend = container({ service: 'backend', networks: on(['shop_backend', '10.1.0.5']) });
const edge = container({ service: 'nginx', networks: on(['shop_public', '10.3.0.2']) });

function place(containers: Parameters<typeof observed>[0], service = 'redis', port = 6379) {
  const found = findForwardPlace(observed(containers), { service, port });
  if (found.kind !== 'present') throw new Error(JSON.stringify(found));
  return found;
}

test('the gateway carries it, on each network that both are on; then the container itself, then others beside it', () => {
  const { carriers, container: target } = place([backend, edge, redis, gateway]);
  expect(inOrder(carriers, target.id).map(({ name }) => name)).toEqual(['api_gateway', 'redis', 'backend']);
  expect(carriers.find(({ name }) => name === 'api_gateway')?.dials).toEqual([
    { target: 'tcp:10.1.0.9:6379', network: 'shop_backend' },
    { target: 'tcp:10.2.0.9:6379', network: 'shop_monitoring' },
  ]);
  expect(carriers.find(({ name }) => name === 'redis')?.dials.at(-1)?.target).toBe('tcp:127.0.0.1:6379');
});

test('an address of IPv6 is written in brackets, and one on a loopback that all share gives way to the name', () => {
  const target = (address: string) => place([container({ service: 'redis', networks: on(['n', address]) })]).networks;
  expect(target('fd00::9')).toEqual([{ target: 'tcp:[fd00::9]:6379', network: 'n' }]);
  expect(target('127.0.0.1')).toEqual([{ target: 'tcp:shop-redis-1:6379', network: 'n' }]);
});

test('of several containers the first that runs is reached', () => {
  const stopped = container({ service: 'redis', name: 'shop-redis-1', state: 'exited' });
  const second = container({ service: 'redis', name: 'shop-redis-2' });
  const third = container({ service: 'redis', name: 'shop-redis-3' });
  expect(place([third, stopped, second]).container.name).toBe('shop-redis-2');
});

test('what does not run is waited for, what is not there is gone, and one-off runs are neither', () => {
  const find = (containers: Parameters<typeof observed>[0]) =>
    findForwardPlace(observed(containers), { service: 'redis', port: 6379 });
  expect(find([container({ service: 'redis', state: 'exited' })])).toMatchObject({
    kind: 'absent',
    isGone: false,
    problem: { code: 'port-unreachable', message: 'redis does not run: its container is exited.' },
  });
  expect(find([container({ service: 'redis', oneOff: true })])).toMatchObject({ kind: 'absent', isGone: true });
  expect(findForwardPlace(undefined, { service: 'redis', port: 6379 })).toEqual({ kind: 'unknown' });
});

test.each([
  ['queue', 15_672, true],
  ['queue', 5672, false],
  ['store', 9200, true],
  ['store', 6379, false],
  ['dashboard', 3000, true],
  ['traces', 4317, false],
] as const)('of a %s, %i is web: %s', (kind, port, isWeb) => {
  expect(isUsuallyWeb(kind, port)).toBe(isWeb);
});
