import { expect, test } from 'vitest';
import { container, observed } from '../../test/samples.ts';
import { findJaeger } from './jaegerPlace.ts';

const jaeger = (given = {}) =>
  container({
    service: 'jaeger',
    image: 'jaegertracing/jaeger:2.10.0',
    networks: [{ name: 'monitoring', address: '10.0.0.9', aliases: [] }],
    ports: [{ containerPort: 16686, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 16686 }],
    ...given,
  });
const gateway = container({
  service: 'api_gateway',
  image: 'gatehouse/api-gateway:1',
  networks: [{ name: 'monitoring', address: '10.0.0.2', aliases: [] }],
});
const nothingSaid: ReadonlySet<string> = new Set();
const find = (containers: Parameters<typeof observed>[0], said = nothingSaid, isLocalEngine = true) =>
  findJaeger({ observed: observed(containers), isLocalEngine }, said);

test('a published Jaeger is asked there, and through the gateway where that does not answer', () => {
  expect(find([jaeger(), gateway])).toMatchObject({
    kind: 'present',
    ways: [
      { kind: 'published', host: '127.0.0.1', port: 16686 },
      { kind: 'relay', service: 'api_gateway', host: '10.0.0.9', port: 16686 },
    ],
  });
});

test('of one that publishes its collector alone, that port is not its query API', () => {
  const ports = [
    { containerPort: 4318, protocol: 'tcp' as const, hostIp: '127.0.0.1', hostPort: 4318 },
    { containerPort: 16686, protocol: 'tcp' as const, hostIp: null, hostPort: null },
  ];
  expect(find([jaeger({ ports }), gateway])).toMatchObject({ ways: [{ kind: 'relay', port: 16686 }] });
});

test('on another machine nothing is published here', () => {
  expect(find([jaeger(), gateway], nothingSaid, false)).toMatchObject({ ways: [{ kind: 'relay' }] });
});

test('what the files say to be it wins over image and name', () => {
  const own = container({ service: 'spans', image: 'ours/spans:1', ports: jaeger().ports });
  expect(find([jaeger(), own], new Set(['spans']))).toMatchObject({ kind: 'present', service: 'spans' });
});

test.each([
  [[jaeger({ state: 'exited' })], 'jaeger does not run: its container is exited.'],
  [
    [jaeger({ labels: { 'gatehouse.stand-in': 'jaeger' } })],
    'jaeger is a stand-in here: no Jaeger runs in the sandbox.',
  ],
  [[gateway], 'No service of the project is a Jaeger.'],
  [[jaeger({ ports: [] })], 'no gateway that runs is on one of its networks'],
])('without one it is said why', (containers, reason) => {
  expect(find(containers)).toMatchObject({ kind: 'absent', reason: expect.stringContaining(reason) });
});
