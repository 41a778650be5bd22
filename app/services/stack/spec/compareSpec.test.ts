import { describe, expect, test } from 'vitest';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { toContainer, toEmptyStack, toImage, toProject } from '../../test/simulatedStack.ts';
import type { Project, Service } from '../compose/project.ts';
import { compareSpec } from './compareSpec.ts';
import { toContainerSpec } from './containerSpec.ts';

const image = toImage({ Env: ['PATH=/bin', 'LANG=C'], Volumes: { '/data': {} }, ExposedPorts: { '80/tcp': {} } });
const context = { image, findContainer: () => undefined };
const { defaults } = toEmptyStack(toProject({}));

const specOf = (service: Partial<Service>, more: Partial<Project> = {}) =>
  toContainerSpec(toProject({ web: service }, more), 'web', 1, context);

function compare(container: StackContainer, service: Partial<Service>, more: Partial<Project> = {}): string[] {
  const changes = compareSpec({ container, spec: specOf(service, more), image, defaults });
  return changes.map(({ field, from, to }) => `${field}: ${from} → ${to}`);
}

const rich: Partial<Service> = {
  command: ['run', '--fast'],
  environment: { A: '1', EMPTY: '', LANG: null },
  ports: [{ target: 80, published: '8080', host_ip: '127.0.0.1', protocol: 'tcp' }],
  volumes: [
    { type: 'volume', source: 'files', target: '/files' },
    { type: 'bind', source: '/srv/x', target: '/x', read_only: true, bind: { create_host_path: true } },
    { type: 'bind', source: '/srv/y', target: '/y', bind: {} },
    { type: 'volume', target: '/anonymous' },
    { type: 'tmpfs', target: '/tmp', tmpfs: { size: '64m', mode: 0o1777 } },
  ],
  tmpfs: ['/run:size=1m', '/scratch'],
  networks: { default: { aliases: ['www'], ipv4_address: '10.1.2.3' } },
  healthcheck: { test: ['CMD', 'probe'], interval: '5s', timeout: '30s', retries: 3 },
  restart: 'on-failure:2',
  cap_add: ['NET_ADMIN'],
  sysctls: { 'net.core.somaxconn': '512' },
  ulimits: { nofile: { soft: 10, hard: 20 }, nproc: 5 },
  logging: { driver: 'json-file', options: { 'max-size': '1m' } },
  stop_grace_period: '3s',
  deploy: { resources: { limits: { cpus: 0.5, memory: '67108864', pids: 50 } } },
  extra_hosts: ['db=10.0.0.9'],
  labels: { team: 'shop' },
  init: true,
};

test('a container that was made by the spec differs in nothing', () => {
  expect(compare(toContainer(specOf(rich), image), rich)).toEqual([]);
});

describe('one field that is changed is the only one that differs', () => {
  const cases: [string, Partial<Service>, string[]][] = [
    ['a variable', { environment: { ...rich.environment, A: '2' } }, ['environment.A: 1 → 2']],
    ['a variable that is gone', { environment: { EMPTY: '', LANG: null } }, ['environment.A: 1 → null']],
    ['an empty variable is not an absent one', { environment: { A: '1', LANG: null } }, ['environment.EMPTY:  → null']],
    ['a variable of the image again', { environment: { A: '1', EMPTY: '' } }, ['environment.LANG: null → C']],
    ['a label', { labels: { team: 'ops' } }, ['labels.team: shop → ops']],
    ['the command', { command: ['run'] }, ['command: ["run","--fast"] → ["run"]']],
    ['the image’s command', { command: null }, ['command: ["run","--fast"] → ["serve"]']],
    [
      'a port',
      { ports: [{ target: 80, published: '9090', protocol: 'tcp' }] },
      ['ports.80/tcp: 127.0.0.1:8080 → 9090'],
    ],
    [
      'a limit',
      { deploy: { resources: { limits: { cpus: 0.5, memory: '128m', pids: 50 } } } },
      ['mem_limit: 64m → 128m'],
    ],
    ['the restart policy', { restart: 'always' }, ['restart: on-failure:2 → always']],
    [
      'an alias',
      { networks: { default: { ipv4_address: '10.1.2.3' } } },
      ['networks.shop_default.aliases: www → null'],
    ],
    [
      'an address',
      { networks: { default: { aliases: ['www'] } } },
      ['networks.shop_default.ipv4_address: 10.1.2.3 → null'],
    ],
    [
      'a health check',
      { healthcheck: { test: ['CMD', 'probe'], interval: '6s', timeout: '30s', retries: 3 } },
      ['healthcheck.interval: 5s → 6s'],
    ],
    ['init', { init: false }, ['init: true → null']],
    ['a capability', { cap_add: [] }, ['cap_add: NET_ADMIN → null']],
    ['a tmpfs', { tmpfs: ['/run:size=1m'] }, ['tmpfs./scratch: mounted → null']],
  ];
  test.each(cases)('%s', (_, change, expected) => {
    expect(compare(toContainer(specOf(rich), image), { ...rich, ...change })).toEqual(expected);
  });

  test('a mount', () => {
    const volumes = (rich.volumes ?? []).map((one) => (one.target === '/x' ? { ...one, read_only: false } : one));
    expect(compare(toContainer(specOf(rich), image), { ...rich, volumes })).toEqual([
      'volumes./x: bind /srv/x, ro → bind /srv/x',
    ]);
  });
});

describe('what the engine writes itself is no difference', () => {
  const withHost = (hostConfig: Record<string, unknown>) => {
    const container = toContainer(specOf(rich), image);
    const { inspected } = container;
    return { ...container, inspected: { ...inspected, hostConfig: { ...inspected.hostConfig, ...hostConfig } } };
  };
  test.each([
    ['twice the memory as swap', { MemorySwap: 2 * 67_108_864 }],
    [
      'options of the daemon’s log driver',
      { LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } } },
    ],
    ['nulls of Go', { CapDrop: null, Dns: null, Devices: [], PidsLimit: 50, OomKillDisable: false }],
    ['namespaces by default', { IpcMode: 'shareable', CgroupnsMode: 'private', UTSMode: '' }],
    ['a label that cannot be enforced', { SecurityOpt: ['label=disable'] }],
  ])('%s', (_, hostConfig) => {
    expect(compare(withHost(hostConfig), rich)).toEqual([]);
  });

  test('the short id and the hostname as aliases', () => {
    const container = toContainer(specOf({ ...rich, hostname: 'box' }), image);
    const endpoint = container.inspected.networks.shop_default;
    const aliases = [...(endpoint?.aliases ?? []), 'box'];
    const networks = { shop_default: { ...endpoint, aliases } } as StackContainer['inspected']['networks'];
    const seen = { ...container, inspected: { ...container.inspected, networks } };
    expect(compare(seen, { ...rich, hostname: 'box' })).toEqual([]);
  });
});

test('another image of the same name differs by its id', () => {
  const container = { ...toContainer(specOf({}), image), imageId: 'sha256:0123456789abcdef' };
  expect(compare(container, {})).toEqual(['image: shop/app:1 (0123456789ab) → shop/app:1 (aaaaaaaaaaaa)']);
});

test('a hostname that is asked for no more differs, though the service is called so', () => {
  expect(compare(toContainer(specOf({ hostname: 'web' }), image), {})).toEqual(['hostname: web → null']);
});

test('a secret in a variable is masked, and that it differs is still said', () => {
  const container = toContainer(specOf({ environment: { DB_PASSWORD: 'old' } }), image);
  const spec = specOf({ environment: { DB_PASSWORD: 'new' } });
  const [change] = compareSpec({ container, spec, image, defaults });
  expect(change).toEqual({ field: 'environment.DB_PASSWORD', from: '••••••••', to: '••••••••', masked: true });
});

test('an image that is not there yet says nothing of what it will bring', () => {
  const spec = toContainerSpec(toProject({ web: {} }), 'web', 1, { image: null, findContainer: () => undefined });
  const changes = compareSpec({ container: toContainer(specOf({}), image), spec, image: null, defaults });
  expect(changes.map(({ field }) => field)).toEqual(['image']);
});
