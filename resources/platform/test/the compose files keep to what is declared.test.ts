import { describe, expect, test } from 'vitest';
import { type ComposeService, type Mode, readCompose, readOverride, toNetworkNames } from './composeFiles.ts';

const STORES = ['postgres', 'pgbouncer', 'postgres_ai', 'redis', 'elasticsearch', 'rabbitmq', 'qdrant'];
const files = { dev: readCompose('dev'), prod: readCompose('prod') };
const isOurs = ({ image }: ComposeService) => image.startsWith('gatehouse/');

describe.each<[Mode]>([['dev'], ['prod']])('%s', (mode) => {
  const compose = files[mode];
  const services = Object.entries(compose.services);

  test('it has the platform: 22 services and four exporters in four networks', () => {
    expect(services.filter(([name]) => !name.endsWith('_exporter'))).toHaveLength(22);
    expect(services.filter(([name]) => name.endsWith('_exporter'))).toHaveLength(4);
    expect(Object.keys(compose.networks)).toEqual([
      'public_network',
      'backend_network',
      'ai_network',
      'monitoring_network',
    ]);
  });

  test('every dependency, network, volume and secret is declared, and every service has a health check', () => {
    for (const [name, service] of services) {
      for (const network of toNetworkNames(service)) expect(compose.networks, name).toHaveProperty([network]);
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(compose.services[needed], `${name} → ${needed}`).toBeDefined();
        expect(condition).toBe('service_healthy');
      }
      for (const secret of service.secrets ?? []) {
        expect(compose.secrets, name).toHaveProperty([typeof secret === 'string' ? secret : secret.source]);
      }
      for (const volume of service.volumes ?? []) {
        if (!volume.startsWith('.')) expect(compose.volumes, name).toHaveProperty([volume.split(':')[0] ?? '']);
      }
      expect(service.healthcheck.test.length, name).toBeGreaterThan(1);
    }
  });

  test('health is asked every 5 s, but where the question itself costs more', () => {
    const slower = services.filter(([, { healthcheck }]) => healthcheck.interval !== '5s').map(([name]) => name);
    expect(slower).toEqual(['rabbitmq']);
  });

  test('stores and the edge stay off the monitoring network; exporters join it', () => {
    const watched = services
      .filter(([, service]) => toNetworkNames(service).includes('monitoring_network'))
      .map(([name]) => name);
    for (const apart of [...STORES, 'nginx']) expect(watched).not.toContain(apart);
    expect(watched.filter((name) => name.endsWith('_exporter'))).toHaveLength(4);
    expect(watched).toHaveLength(18);
  });

  test('every workload keeps its application off the monitoring network', () => {
    for (const [name, { image, networks, environment }] of services) {
      if (!image.startsWith('gatehouse/platform-service')) continue;
      expect(networks, name).toMatchObject({ monitoring_network: { aliases: ['service-metrics'] } });
      expect(environment?.GATEHOUSE_METRICS_HOST, name).toBe('service-metrics');
    }
  });

  test('images of others are pinned to a version, and ours can be built', () => {
    for (const [name, service] of services) {
      expect(service.image, name).toMatch(/:v?\d+\.\d+/);
      expect(service.build !== undefined, name).toBe(isOurs(service));
    }
  });

  test('volumes are named after their mode, so that development never opens the data of production', () => {
    expect(Object.keys(compose.volumes).filter((name) => !name.endsWith(`_${mode}`))).toEqual([]);
    expect(compose.name).toBe('shop-platform');
  });
});

test('development publishes on loopback alone, and no two services ask for the same port', () => {
  const published = Object.values(files.dev.services).flatMap(({ ports }) => ports ?? []);
  expect(published.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  const hostPorts = published.map((port) => port.split(':')[1]);
  expect(new Set(hostPorts).size).toBe(hostPorts.length);
  expect(Object.values(files.dev.networks).some(({ internal }) => internal)).toBe(false);
});

test('production publishes 80 and 443 of nginx and nothing else; every network but the public one is internal', () => {
  const published = Object.entries(files.prod.services).filter(([, { ports }]) => ports !== undefined);
  expect(published.map(([name, { ports }]) => [name, ports])).toEqual([['nginx', ['80:80', '443:443']]]);
  const open = Object.entries(files.prod.networks).filter(([, { internal }]) => !internal);
  expect(open.map(([name]) => name)).toEqual(['public_network']);
});

test('production restarts always, has limits everywhere, no DEBUG, no faults and no password of its own', () => {
  for (const [name, { restart, deploy, environment = {} }] of Object.entries(files.prod.services)) {
    expect(restart, name).toBe('always');
    expect(deploy?.resources.limits, name).toMatchObject({ cpus: expect.any(String), memory: expect.any(String) });
    expect(environment.GATEHOUSE_FAULTS, name).toBeUndefined();
    expect(environment.LOG_LEVEL ?? 'WARNING', name).toBe('WARNING');
    const passwords = Object.keys(environment).filter((key) => /PASS/.test(key) && !key.endsWith('_FILE'));
    expect(passwords, name).toEqual([]);
  }
});

test('both modes have the same services, from the same images, with the same start order', () => {
  const toOrder = (mode: Mode) =>
    Object.entries(files[mode].services).map(([name, { image, depends_on }]) => [
      name,
      image,
      Object.keys(depends_on ?? {}),
    ]);
  expect(toOrder('prod')).toEqual(toOrder('dev'));
});

test('the override for engines that cannot pull names every image of others, and says nothing but `image`', () => {
  const { services, ...rest } = readOverride() as { services: Record<string, Record<string, string>> };
  expect(rest).toEqual({});
  const theirs = Object.entries(files.dev.services).filter(([, service]) => !isOurs(service));
  expect(Object.keys(services).sort()).toEqual(theirs.map(([name]) => name).sort());
  for (const [name, override] of Object.entries(services)) {
    expect(Object.keys(override), name).toEqual(['image']);
    expect(override.image, name).toMatch(/^gatehouse-local\/[a-z-]+:trixie$/);
  }
});
