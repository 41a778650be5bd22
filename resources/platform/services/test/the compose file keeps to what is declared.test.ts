import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface ComposeService {
  image: string;
  command?: string[];
  networks: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck: { test: string[] };
}
interface Compose {
  name: string;
  services: Record<string, ComposeService>;
  networks: Record<string, unknown>;
  volumes: Record<string, { name: string }>;
}

const text = readFileSync(new URL('../../docker-compose.yaml', import.meta.url), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);

test('it has the 22 services of the platform in four networks', () => {
  expect(services).toHaveLength(22);
  expect(Object.keys(compose.networks)).toEqual([
    'public_network',
    'backend_network',
    'ai_network',
    'monitoring_network',
  ]);
});

test('every dependency and network is declared, and every condition has a health check behind it', () => {
  for (const [name, service] of services) {
    for (const network of service.networks) expect(compose.networks, name).toHaveProperty(network);
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(compose.services[needed], `${name} → ${needed}`).toBeDefined();
      expect(condition).toBe('service_healthy');
    }
    expect(service.healthcheck.test.length, name).toBeGreaterThan(1);
  }
});

test('ports are published on loopback alone, and no two services ask for the same one', () => {
  const published = services.flatMap(([, service]) => service.ports ?? []);
  expect(published.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  const hostPorts = published.map((port) => port.split(':')[1]);
  expect(new Set(hostPorts).size).toBe(hostPorts.length);
});

test('stores stay off the monitoring network', () => {
  const watched = services
    .filter(([, service]) => service.networks.includes('monitoring_network'))
    .map(([name]) => name);
  for (const store of [
    'postgres',
    'pgbouncer',
    'postgres_ai',
    'redis',
    'elasticsearch',
    'rabbitmq',
    'qdrant',
    'nginx',
  ]) {
    expect(watched).not.toContain(store);
  }
  expect(watched).toHaveLength(14);
});

test('the first loader knows every key that is used', () => {
  const known = new Set(
    'image command environment networks ports expose depends_on healthcheck restart volumes labels'.split(' '),
  );
  const used = services.flatMap(([, service]) => Object.keys(service));
  expect([...new Set(used)].filter((key) => !known.has(key))).toEqual([]);
});

test('volumes are named after their mode, so that development never opens the data of production', () => {
  expect(Object.values(compose.volumes).every(({ name }) => name.endsWith('_dev'))).toBe(true);
});
