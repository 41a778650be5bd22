import { describe, expect, test } from 'vitest';
import { type ComposeService, type Mode, readCompose, readOverride, toImage, toNetworkNames } from './composeFiles.ts';

const STORES = ['postgres', 'pgbouncer', 'postgres_ai', 'redis', 'elasticsearch', 'rabbitmq', 'qdrant'];
const files = { dev: readCompose('dev'), prod: readCompose('prod') };
const isOurs = (service: ComposeService) => toImage(service).startsWith('gatehouse/');
/** Makes keys in development and ends; production has its own in files. */
const JOB = 'identity_keys';

describe.each<[Mode]>([['dev'], ['prod']])('%s', (mode) => {
  const compose = files[mode];
  const services = Object.entries(compose.services);

  test('it has the platform: 22 services and six exporters in four networks', () => {
    expect(services.filter(([name]) => !name.endsWith('_exporter') && name !== JOB)).toHaveLength(22);
    expect(services.filter(([name]) => name.endsWith('_exporter'))).toHaveLength(6);
    expect(Object.keys(compose.networks)).toEqual([
      'public_network',
      'backend_network',
      'ai_network',
      'monitoring_network',
    ]);
  });

  test('every dependency, network, volume and secret is declared, and every server has a health check', () => {
    for (const [name, service] of services) {
      for (const network of toNetworkNames(service)) expect(compose.networks, name).toHaveProperty([network]);
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(compose.services[needed], `${name} → ${needed}`).toBeDefined();
        expect(condition).toBe(needed === JOB ? 'service_completed_successfully' : 'service_healthy');
      }
      for (const secret of service.secrets ?? []) {
        expect(compose.secrets, name).toHaveProperty([typeof secret === 'string' ? secret : secret.source]);
      }
      for (const volume of service.volumes ?? []) {
        if (!volume.startsWith('.')) expect(compose.volumes, name).toHaveProperty([volume.split(':')[0] ?? '']);
      }
      expect((service.healthcheck?.test.length ?? 0) > 1, name).toBe(name !== JOB);
    }
  });

  test('health is asked every 5 s', () => {
    const others = services.filter(([, { healthcheck }]) => healthcheck && healthcheck.interval !== '5s');
    expect(others.map(([name]) => name)).toEqual([]);
  });

  test('stores and the edge stay off the monitoring network; exporters join it', () => {
    const watched = services
      .filter(([, service]) => toNetworkNames(service).includes('monitoring_network'))
      .map(([name]) => name);
    for (const apart of [...STORES, 'nginx']) expect(watched).not.toContain(apart);
    expect(watched.filter((name) => name.endsWith('_exporter'))).toHaveLength(6);
    expect(watched).toHaveLength(20);
  });

  test('every workload keeps its application off the monitoring network', () => {
    for (const [name, service] of services) {
      const { networks, environment } = service;
      if (!toImage(service).startsWith('gatehouse/platform-service') || name === JOB) continue;
      expect(networks, name).toMatchObject({ monitoring_network: { aliases: ['service-metrics'] } });
      expect(environment?.GATEHOUSE_METRICS_HOST, name).toBe('service-metrics');
    }
  });

  test('images of others are pinned to a version, and ours can be built', () => {
    for (const [name, service] of services) {
      expect(toImage(service), name).toMatch(/:v?\d+\.\d+[^:]*$/);
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
    Object.entries(files[mode].services)
      .filter(([name]) => name !== JOB)
      .map(([name, { image, depends_on }]) => [
        name,
        image,
        Object.keys(depends_on ?? {}).filter((need) => need !== JOB),
      ]);
  expect(toOrder('prod')).toEqual(toOrder('dev'));
});

test('every workload can be exchanged for an own image by a variable of its name', () => {
  const exchangeable = Object.entries(files.dev.services).filter(([name, { image }]) =>
    image.startsWith(`\${${name.toUpperCase()}_IMAGE:-gatehouse/`),
  );
  expect(exchangeable).toHaveLength(11);
});

describe('the gateway’s key', () => {
  /** Who has a file or volume of that name. */
  const holders = (mode: Mode, pattern: RegExp) =>
    Object.entries(files[mode].services)
      .filter(([, { volumes = [], secrets = [] }]) =>
        [...volumes, ...secrets.map((secret) => (typeof secret === 'string' ? secret : secret.source))].some((held) =>
          pattern.test(held),
        ),
      )
      .map(([name]) => name);

  test('is read by the gateway alone', () => {
    expect(holders('dev', /^identity_private/).sort()).toEqual(['api_gateway', JOB]);
    expect(holders('prod', /^identity_private/)).toEqual(['api_gateway']);
  });

  test.each<[Mode, string]>([
    ['dev', 'observe'],
    ['prod', 'enforce'],
  ])('is known by its public half to every workload, which in %s %ss it', (mode, setting) => {
    const workloads = Object.entries(files[mode].services).filter(
      ([name, service]) => toImage(service).startsWith('gatehouse/platform-service') && name !== JOB,
    );
    for (const [name, { environment }] of workloads) expect(environment?.GATEHOUSE_IDENTITY, name).toBe(setting);
    const known = holders(mode, /^identity_public/).filter((name) => name !== JOB);
    expect(known.sort()).toEqual(workloads.map(([name]) => name).sort());
  });

  test('in development comes from no file of the repository, and what makes it is on no network', () => {
    expect(files.dev.services[JOB]).toMatchObject({ network_mode: 'none', restart: 'no' });
    expect(files.dev.secrets).toBeUndefined();
  });
});

test('workloads take on four things at once in development and eight in production', () => {
  const workers = (mode: Mode) =>
    new Set(Object.values(files[mode].services).flatMap(({ environment }) => environment?.WORKERS ?? []));
  expect([...workers('dev')]).toEqual(['4']);
  expect([...workers('prod')]).toEqual(['8']);
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
