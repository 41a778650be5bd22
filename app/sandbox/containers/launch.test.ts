import { expect, test } from 'vitest';
import type { Container } from './container.ts';
import { toLaunch } from './launch.ts';

const programs = {
  node: 'node',
  gateway: ['gateway.js'],
  service: ['service.js'],
  gatewayConfig: '/platform/gateway.yaml',
};
const folders = { hostsFile: '/state/hosts.json', compileCache: '/state/cache', path: '/bin' };
const keys = { volume: 'keys', source: '/state/volumes/keys/_data', target: '/run/identity', readOnly: true };

const start = (env: string[], mounts = [keys]) =>
  toLaunch(
    { id: 'a'.repeat(64), spec: { env, command: ['backend'] }, workload: { kind: 'service', role: 'backend' }, ports: [], mounts, adminSocket: null } as unknown as Container, // biome-ignore format: one container
    programs,
    folders,
  ).environment;

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
