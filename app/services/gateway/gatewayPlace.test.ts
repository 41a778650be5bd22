import { expect, test } from 'vitest';
import { container, observed } from '../test/samples.ts';
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
  isOwnSandbox = true,
  declared: { name: string; image: string }[] = [],
) => findGatewayPlace({ observed: observed(containers), declared, isOwnSandbox });

test('two replicas of our own sandbox: two sockets', () => {
  const second = gateway({ id: '2', labels: { 'gatehouse.sandbox.admin-socket': '/run/b.sock' } });
  expect(place([gateway(), second])).toEqual({
    kind: 'present',
    service: 'api_gateway',
    replicas: 2,
    sockets: ['/run/a.sock', '/run/b.sock'],
  });
});

test('a stopped gateway is present, without a socket', () => {
  expect(place([gateway({ state: 'exited' })])).toMatchObject({ kind: 'present', replicas: 1, sockets: [] });
});

test('the label is not believed on any other engine: it may name any socket of this machine', () => {
  expect(place([gateway()], false)).toMatchObject({
    kind: 'absent',
    problem: { code: 'gateway-absent', message: expect.stringContaining('relay into containers is not available') },
  });
});

test('a path that is not absolute is not believed anywhere', () => {
  expect(place([gateway({ labels: { 'gatehouse.sandbox.admin-socket': '../x.sock' } })])).toMatchObject({
    sockets: [],
  });
});

test('declared and not created yet', () => {
  expect(place([], true, [{ name: 'api_gateway', image: 'gatehouse/api-gateway:1' }])).toMatchObject({
    kind: 'present',
    replicas: 0,
    sockets: [],
  });
});

test('another entry is named', () => {
  const nginx = container({ service: 'front', image: 'nginx:1' });
  expect(place([nginx], false)).toMatchObject({
    kind: 'absent',
    problem: { message: expect.stringContaining('front') },
  });
});

test('no gateway at all, and nothing known yet', () => {
  expect(place([container()])).toMatchObject({ kind: 'absent' });
  expect(findGatewayPlace({ observed: undefined, declared: [], isOwnSandbox: true })).toEqual({ kind: 'unknown' });
});
