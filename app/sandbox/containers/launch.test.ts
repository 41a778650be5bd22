import { expect, test } from 'vitest';
import type { Container } from './container.ts';
import { toLaunch } from './launch.ts';
import type { Workload } from './programs.ts';

const programs = {
  node: 'node',
  gateway: ['gateway.js'],
  service: ['service.js'],
  gatewayConfig: '/platform/gateway.yaml',
};
const folders = { hostsFile: '/state/hosts.json', compileCache: '/state/cache', path: '/bin' };
const keys = { volume: 'keys', source: '/state/volumes/keys/_data', target: '/run/identity', readOnly: true };

const container = (name: string, workload: Workload, { env = [] as string[], network = 'back' } = {}) =>
  ({
    id: 'a'.repeat(64),
    name,
    spec: { env, command: ['backend'] },
    workload,
    ports: [],
    mounts: [keys],
    adminSocket: null,
    endpoints: new Map([[network, { aliases: [name] }]]),
  }) as unknown as Container;

const start = (env: string[], others: Container[] = [], spansTo?: string) =>
  toLaunch(container('backend', { kind: 'service', role: 'backend' }, { env }), {
    programs,
    folders: { ...folders, spansTo },
    others,
  }).environment;

test.each([
  ['KEY_FILE=/run/identity/public.pem', { KEY_FILE: '/state/volumes/keys/_data/public.pem' }],
  ['KEY_FILE=/run/identity', { KEY_FILE: '/state/volumes/keys/_data' }],
  ['KEY_FILE=/run/identity/../../etc/passwd', { KEY_FILE: '/run/identity/../../etc/passwd' }],
  ['KEY_FILE=/run/identity-of-another/x', { KEY_FILE: '/run/identity-of-another/x' }],
  ['KEY_FILE=public.pem', { KEY_FILE: 'public.pem' }],
  ['KEY=/run/identity/public.pem', { KEY: '/run/identity/public.pem' }],
])('of a container with a volume at /run/identity, %s becomes %j', (entry, expected) => {
  expect(start([entry])).toMatchObject(expected);
});

test('what the engine says of ports and names cannot be said by a variable that names a file', () => {
  const environment = start(['GATEHOUSE_HOSTS_FILE=/run/identity/hosts.json']);
  expect(environment.GATEHOUSE_HOSTS_FILE).toBe('/state/hosts.json');
});

const standIn = (product: string, network?: string) =>
  container(product, { kind: 'standIn', product }, network === undefined ? {} : { network });

test.each([
  ['a stand-in that keeps nothing', 'redis://redis:6379/0', [standIn('redis')], undefined],
  ['one with a user in its address', 'postgres://shop@pgbouncer:6432/shop', [standIn('pgbouncer')], undefined],
  ['one on another network', 'redis://redis:6379', [standIn('redis', 'ai')], 'redis://redis:6379'],
  ['the stand-in of the edge, which forwards', 'http://nginx:80', [standIn('nginx')], 'http://nginx:80'],
  [
    'a real program',
    'http://search:8002',
    [container('search', { kind: 'service', role: 'search' })],
    'http://search:8002',
  ],
  ['no address', 'redis', [standIn('redis')], 'redis'],
])('a program is not told of a store that is none: %s', (_, value, others, expected) => {
  expect(start([`STORE=${value}`], others).STORE).toBe(expected);
});

test('a program is told of a Jaeger whose spans somebody takes', () => {
  const env = ['OTEL_EXPORTER_OTLP_ENDPOINT=http://jaeger:4318'];
  expect(start(env, [standIn('jaeger')], '127.0.0.1:4318')).toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
  expect(start(env, [standIn('jaeger')])).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
});
