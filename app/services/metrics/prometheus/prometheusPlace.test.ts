import { expect, test } from 'vitest';
import { container, observed } from '../../test/samples.ts';
import { findPrometheus } from './prometheusPlace.ts';

const network = (name: string, address: string) => ({ name, address, aliases: [] });
const port = (hostPort: number | null, hostIp: string | null = '127.0.0.1', containerPort = 9090) => ({
  containerPort,
  protocol: 'tcp' as const,
  hostIp,
  hostPort,
});
const prometheus = container({
  service: 'prometheus',
  image: 'prom/prometheus:v3.5.0',
  networks: [network('monitoring', '10.3.0.9')],
  ports: [port(9090)],
});
const gateway = container({
  service: 'api_gateway',
  image: 'gatehouse/api-gateway:0.1.0',
  networks: [network('public', '10.0.0.2'), network('monitoring', '10.3.0.2')],
});
const find = (containers: Parameters<typeof observed>[0], isLocalEngine = true) =>
  findPrometheus({ observed: observed(containers), isLocalEngine });
const waysOf = (...args: Parameters<typeof find>) => {
  const place = find(...args);
  return place.kind === 'present'
    ? place.ways.map(({ kind, host, port: number }) => `${kind} ${host}:${number}`)
    : place.kind;
};

test('before the engine has answered, nothing is known', () => {
  expect(findPrometheus({ observed: undefined, isLocalEngine: true })).toEqual({ kind: 'unknown' });
});

test('its published port is the best way, and through the gateway the next', () => {
  expect(waysOf([prometheus, gateway])).toEqual(['published 127.0.0.1:9090', 'relay 10.3.0.9:9090']);
});

test.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['', '127.0.0.1'],
  [null, '127.0.0.1'],
  ['192.168.7.7', '192.168.7.7'],
])('published on %j it is asked at %s', (hostIp, host) => {
  expect(waysOf([{ ...prometheus, ports: [port(19_090, hostIp)] }])).toEqual([`published ${host}:19090`]);
});

test('what an engine elsewhere publishes is not on this machine', () => {
  expect(waysOf([prometheus, gateway], false)).toEqual(['relay 10.3.0.9:9090']);
});

test('where it publishes nothing, the way is through a gateway that shares a network with it', () => {
  const closed = { ...prometheus, ports: [port(null, null)] };
  expect(waysOf([closed, gateway])).toEqual(['relay 10.3.0.9:9090']);
  expect(find([closed, { ...gateway, networks: [network('public', '10.0.0.2')] }])).toMatchObject({
    kind: 'absent',
    reason: expect.stringContaining('publishes no port'),
  });
  expect(find([closed, { ...gateway, state: 'exited' }])).toMatchObject({ kind: 'absent' });
});

test('another port than the usual one is found', () => {
  const other = { ...prometheus, ports: [port(18_428, '127.0.0.1', 8428)] };
  expect(waysOf([other])).toEqual(['published 127.0.0.1:18428']);
});

test.each([
  ['none', [gateway], 'No service of the project is a Prometheus.'],
  ['a stand-in', [{ ...prometheus, labels: { 'gatehouse.stand-in': 'prometheus' } }], 'is a stand-in here'],
  ['one that was stopped', [{ ...prometheus, state: 'exited' as const }], 'its container is exited'],
  ['one that was only tried', [{ ...prometheus, oneOff: true }], 'No service of the project'],
])('%s is said to be no source', (_, containers, reason) => {
  expect(find(containers)).toMatchObject({ kind: 'absent', reason: expect.stringContaining(reason) });
});

test('of several that run one is asked, always the same', () => {
  const second = container({ ...prometheus, id: 'second', name: 'shop-prometheus-2' });
  expect(find([second, prometheus])).toMatchObject({ container: prometheus.id, running: 2 });
  expect(find([prometheus, second])).toMatchObject({ container: prometheus.id, running: 2 });
});
