import { expect, test } from 'vitest';
import type { Project } from '../stack/compose/project.ts';
import { container, observed } from '../test/samples.ts';
import { findOutsideTarget } from './outsideTarget.ts';

const published = (containerPort: number, hostPort: number, hostIp = '127.0.0.1') => ({
  containerPort,
  protocol: 'tcp' as const,
  hostIp,
  hostPort,
});
const nginx = (given = {}) =>
  container({ service: 'nginx', image: 'nginx:1.28.0', ports: [published(443, 8443), published(80, 8088)], ...given });
const gateway = container({ service: 'api_gateway', image: 'gatehouse/api-gateway:1', ports: [published(8080, 8080)] });
const here = { kind: 'socket', path: '/run/docker.sock' } as const;
const find = (
  containers: ReturnType<typeof container>[],
  declared: unknown = null,
  address: Parameters<typeof findOutsideTarget>[0]['address'] = here,
) => findOutsideTarget({ observed: observed(containers), declared: declared as Project | null, address });

test('the edge is asked, with TLS where it is published, for what its gateway says of itself', () => {
  expect(find([nginx(), gateway])).toMatchObject({
    kind: 'found',
    service: 'nginx',
    https: { host: '127.0.0.1', port: 8443 },
    http: { host: '127.0.0.1', port: 8088 },
    path: '/health',
    isChosen: false,
    host: null,
  });
  expect(find([nginx()])).toMatchObject({ path: '/' });
  expect(find([gateway])).toMatchObject({ service: 'api_gateway', https: null });
});

test.each([
  ['a stopped edge', [nginx({ state: 'exited', ports: [] }), gateway], null],
  ['an edge that was not created', [gateway], { services: { nginx: { image: 'nginx:1' } } }],
])('%s is not gone around: what answers behind it is nothing that clients get', (_, containers, declared) => {
  expect(find(containers, declared)).toEqual({ kind: 'none', why: 'nginx does not run' });
});

test('path, name and authority are taken as the files say, the container first', () => {
  const declared = {
    services: {},
    'x-gatehouse': { probe: { path: '/ready', host: 'shop.example', authority: 'ca.crt' } },
  };
  expect(find([nginx()], declared)).toMatchObject({
    path: '/ready',
    host: 'shop.example',
    authorityFile: 'ca.crt',
    isChosen: true,
  });
  const labels = { 'gatehouse.probe.path': '/live' };
  expect(find([nginx({ labels })], declared)).toMatchObject({ path: '/live', host: 'shop.example' });
});

test.each(['no-slash', '/with space', '/line\r\nHost: else', `/${'a'.repeat(600)}`])('%j is no path', (path) => {
  expect(find([nginx({ labels: { 'gatehouse.probe.path': path } })])).toMatchObject({ path: '/', isChosen: false });
});

test('another machine is asked at its own address alone', () => {
  const remote = { kind: 'tcp', host: '192.0.2.7', port: 2376, tls: null } as const;
  expect(find([nginx({ ports: [published(443, 443, '0.0.0.0')] })], null, remote)).toMatchObject({
    https: { host: '192.0.2.7', port: 443 },
  });
  expect(find([nginx()], null, remote)).toMatchObject({ kind: 'none' });
});
