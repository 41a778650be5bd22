import { expect, test } from 'vitest';
import type { PublishedPort, ReplicaStatus, ServiceStatus, StackStatus } from '../../contract/index.ts';
import { formatAge, formatPorts, formatStatus } from './ps.ts';

const EVIL = '\u001b]52;c;cm0=\u0007\n# all is well\u009b1m';

const replica: ReplicaStatus = {
  container: 'shop-web-1',
  id: 'a',
  replica: 1,
  condition: 'healthy',
  detail: 'healthy',
  health: 'healthy',
  ports: [{ containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080 }],
  createdAt: 0,
  startedAt: 1000,
  exitCode: null,
  outOfMemory: false,
  restarts: 0,
  lastLines: [],
};
const web: ServiceStatus = {
  service: 'web',
  condition: 'healthy',
  detail: 'healthy',
  wanted: 2,
  image: 'shop/web:1',
  replicas: [replica],
};
const status = (...services: ServiceStatus[]): StackStatus => ({
  schema: 'gatehouse.status/1',
  project: 'shop',
  mode: 'dev',
  at: 61_000,
  services,
});

test('a container is a row, with how many of its service are well', () => {
  const [head, , row] = formatStatus(status(web)).split('\n');
  expect(head).toBe('shop (dev)');
  expect(row).toMatch(/^web +shop-web-1 +● healthy +healthy +1\/2 +\*:8080→80 +1 min +shop\/web:1$/);
});

test('what is missing is a row too, and why stands below', () => {
  const text = formatStatus(
    status({ ...web, service: 'db', condition: 'missing', detail: 'not created', wanted: 1, replicas: [] }),
  );
  expect(text).toMatch(/^db +- +■ missing +- +0\/1/m);
  expect(text).toMatch(/^! db: not created$/m);
});

test('what crashed says its last lines, and none of it steers the terminal or forges a row', () => {
  const crashed: ReplicaStatus = { ...replica, container: EVIL, condition: 'crashed', lastLines: [EVIL] };
  const text = formatStatus(status({ ...web, condition: 'crashed', detail: EVIL, image: EVIL, replicas: [crashed] }));
  expect(text.split('\n')).toHaveLength(5);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must be gone.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

const port = (hostIp: string | null, hostPort: number | null, protocol: PublishedPort['protocol'] = 'tcp') =>
  ({ containerPort: 53, protocol, hostIp, hostPort }) as const;

test.each<[what: string, ports: PublishedPort[], text: string]>([
  ['exposed only', [port(null, null)], ''],
  ['both families', [port('0.0.0.0', 53), port('::', 53)], '*:53→53'],
  ['one address', [port('127.0.0.1', 5353, 'udp')], '127.0.0.1:5353→53/udp'],
  ['an address of IPv6', [port('::1', 5353)], '[::1]:5353→53'],
])('ports: %s', (_what, ports, text) => {
  expect(formatPorts(ports)).toBe(text);
});

test.each<[number, string]>([
  [-500, '0 s'],
  [59_999, '59 s'],
  [3_599_999, '59 min'],
  [86_399_999, '23 h'],
  [200_000_000, '2 d'],
])('an age of %i ms', (ageMs, text) => {
  expect(formatAge(ageMs)).toBe(text);
});
