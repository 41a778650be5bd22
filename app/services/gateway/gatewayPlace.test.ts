import { expect, test } from 'vitest';
import { container, now, observed } from '../test/samples.ts';
import { findGatewayPlace } from './gatewayPlace.ts';

const gateway = (given = {}) =>
  container({
    service: 'api_gateway',
    image: 'gatehouse/api-gateway:1',
    labels: { 'gatehouse.sandbox.admin-socket': '/run/a.sock' },
    ...given,
  });
const place = (
  containers: ReturnType<typeof container>[],
  reach: 'socket' | 'exec' = 'socket',
  declared: { name: string; image: string }[] = [],
) => findGatewayPlace({ observed: observed(containers), declared, reach });

test('two replicas of our own sandbox: two sockets', () => {
  const second = gateway({ id: '2', labels: { 'gatehouse.sandbox.admin-socket': '/run/b.sock' } });
  expect(place([gateway(), second])).toEqual({
    kind: 'present',
    service: 'api_gateway',
    replicas: 2,
    addresses: [
      { kind: 'socket', path: '/run/a.sock' },
      { kind: 'socket', path: '/run/b.sock' },
    ],
  });
});

test('a stopped gateway is present, without a socket', () => {
  expect(place([gateway({ state: 'exited' })])).toMatchObject({ kind: 'present', replicas: 1, addresses: [] });
});

test('elsewhere it is reached by exec: the label may name any socket of this machine, and is not believed', () => {
  expect(place([gateway(), gateway({ id: '2', state: 'paused' })], 'exec')).toEqual({
    kind: 'present',
    service: 'api_gateway',
    replicas: 2,
    addresses: [{ kind: 'exec', container: 'id-api_gateway', startedAt: now - 60_000 }],
  });
});

test('an image of another name is a gateway by its label', () => {
  const own = container({
    service: 'edge',
    image: 'registry:5000/team/edge:7',
    labels: { 'gatehouse.gateway': 'true' },
  });
  expect(place([own], 'exec')).toMatchObject({ kind: 'present', service: 'edge', addresses: [{ kind: 'exec' }] });
  expect(place([{ ...own, labels: { 'gatehouse.gateway': 'false' } }], 'exec')).toMatchObject({ kind: 'absent' });
});

test('a path that is not absolute is not believed anywhere', () => {
  expect(place([gateway({ labels: { 'gatehouse.sandbox.admin-socket': '../x.sock' } })])).toMatchObject({
    addresses: [],
  });
});

test('declared and not created yet', () => {
  expect(place([], 'socket', [{ name: 'api_gateway', image: 'gatehouse/api-gateway:1' }])).toMatchObject({
    kind: 'present',
    replicas: 0,
    addresses: [],
  });
});

test('another entry is named', () => {
  const nginx = container({ service: 'front', image: 'nginx:1' });
  expect(place([nginx], 'exec')).toMatchObject({
    kind: 'absent',
    problem: { message: expect.stringContaining('front') },
  });
});

test('no gateway at all, and nothing known yet', () => {
  expect(place([container()])).toMatchObject({ kind: 'absent' });
  expect(findGatewayPlace({ observed: undefined, declared: [], reach: 'exec' })).toEqual({ kind: 'unknown' });
});
