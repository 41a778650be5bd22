import { describe, expect, test } from 'vitest';
import { toContainer, toImage, toProject } from '../../test/simulatedStack.ts';
import type { Project, Service } from '../compose/project.ts';
import { type SpecContext, toContainerSpec } from './containerSpec.ts';

const image = toImage({ Volumes: { '/image-data': {} } });
const context: SpecContext = { image, findContainer: (name) => `id-of-${name}` };

const toSpec = (service: Partial<Service>, more: Partial<Project> = {}, given: Partial<SpecContext> = {}) =>
  toContainerSpec(toProject({ web: service }, more), 'web', 1, { ...context, ...given });

test('labels are those that compose looks for, and ours', () => {
  const service: Partial<Service> = {
    labels: { team: 'shop' },
    depends_on: {
      db: { condition: 'service_healthy', required: true },
      cache: { condition: 'service_started', restart: true, required: true },
    },
  };
  const files = { folder: '/srv/shop', paths: ['/srv/shop/a.yaml', '/srv/shop/b.yaml'] };
  expect(toSpec(service, {}, { configHash: 'abc', mode: 'dev', files }).config.Labels).toEqual({
    team: 'shop',
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    'com.docker.compose.container-number': '1',
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.depends_on': 'cache:service_started:true,db:service_healthy:false',
    'com.docker.compose.image': 'sha256:aaaaaaaaaaaa1',
    'com.docker.compose.config-hash': 'abc',
    'com.docker.compose.project.config_files': '/srv/shop/a.yaml,/srv/shop/b.yaml',
    'com.docker.compose.project.working_dir': '/srv/shop',
    'gatehouse.mode': 'dev',
  });
});

test('a label of a file cannot make a container another project’s', () => {
  const labels = toSpec({ labels: { 'com.docker.compose.project': 'bank' } }).config.Labels;
  expect(labels).toMatchObject({ 'com.docker.compose.project': 'shop' });
});

describe('programs', () => {
  test.each([
    ['nothing is said', {}, { Cmd: undefined, Entrypoint: undefined }],
    ['an empty entrypoint clears the image’s', { entrypoint: [] }, { Cmd: undefined, Entrypoint: [] }],
    ['both', { command: ['a'], entrypoint: ['b'] }, { Cmd: ['a'], Entrypoint: ['b'] }],
  ] satisfies [string, Partial<Service>, object][])('%s', (_, service, expected) => {
    const { Cmd, Entrypoint } = toSpec(service).config;
    expect({ Cmd, Entrypoint }).toEqual(expected);
  });
});

describe('networks', () => {
  const networks = { front: { name: 'shop_front' }, back: { name: 'shop_back' }, default: { name: 'shop_default' } };

  test('the one with the highest priority comes first, then by name', () => {
    const spec = toSpec({ networks: { front: null, back: null, default: { priority: 5 } } }, { networks });
    expect(spec.endpoints.map(({ network }) => network)).toEqual(['shop_default', 'shop_back', 'shop_front']);
    expect(spec.hostConfig.NetworkMode).toBe('shop_default');
  });

  test('a container is found by its name, its service and its aliases', () => {
    const [endpoint] = toSpec(
      { networks: { back: { aliases: ['w'], ipv4_address: '10.0.0.5' } } },
      { networks },
    ).endpoints;
    expect(endpoint?.settings).toEqual({
      Aliases: ['shop-web-1', 'web', 'w'],
      IPAMConfig: { IPv4Address: '10.0.0.5' },
    });
  });

  test('another service’s network is the one of its container', () => {
    const spec = toSpec({ network_mode: 'service:db', pid: 'service:db', volumes_from: ['db:ro', 'container:x'] });
    expect(spec.endpoints).toEqual([]);
    expect(spec.hostConfig).toMatchObject({
      NetworkMode: 'container:id-of-db',
      PidMode: 'container:id-of-db',
      VolumesFrom: ['id-of-db:ro', 'x'],
    });
  });
});

describe('mounts', () => {
  test('a short bind makes its folder, a long one does not', () => {
    const { hostConfig } = toSpec({
      volumes: [
        { type: 'bind', source: '/a', target: '/a', read_only: true, bind: { create_host_path: true } },
        { type: 'bind', source: '/b', target: '/b', bind: { propagation: 'rslave' } },
      ],
    });
    expect(hostConfig.Binds).toEqual(['/a:/a:ro']);
    expect(hostConfig.Mounts).toEqual([
      { Type: 'bind', Source: '/b', Target: '/b', BindOptions: { Propagation: 'rslave' } },
    ]);
  });

  test('secrets and configs that are files are mounted read-only; others are copied in', () => {
    const spec = toSpec(
      {
        secrets: [{ source: 'key' }, { source: 'token', target: 'the-token', mode: 0o400, uid: '5' }],
        configs: [{ source: 'text', target: '/etc/text' }],
      },
      {
        secrets: { key: { name: 'key', file: '/srv/key' }, token: { name: 'token', environment: 'TOKEN' } },
        configs: { text: { name: 'text', content: 'hello' } },
      },
    );
    expect(spec.hostConfig.Mounts).toEqual([
      { Type: 'bind', Source: '/srv/key', Target: '/run/secrets/key', ReadOnly: true },
    ]);
    expect(spec.files).toEqual([
      {
        kind: 'secret',
        source: 'token',
        target: '/run/secrets/the-token',
        content: null,
        variable: 'TOKEN',
        uid: 5,
        gid: 0,
        mode: 0o400,
      },
      {
        kind: 'config',
        source: 'text',
        target: '/etc/text',
        content: 'hello',
        variable: null,
        uid: 0,
        gid: 0,
        mode: 0o444,
      },
    ]);
  });

  test('a secret that is copied in leaves no trace in the labels, not even a hash', () => {
    const secrets = { token: { name: 'token', environment: 'TOKEN' } };
    const labels = toSpec({ secrets: [{ source: 'token' }] }, { secrets }).config.Labels as Record<string, string>;
    expect(Object.keys(labels).filter((name) => name.startsWith('gatehouse.'))).toEqual([]);
  });

  test('anonymous volumes of the container that is replaced are taken over', () => {
    const service: Partial<Service> = { volumes: [{ type: 'volume', target: '/cache' }] };
    const replaces = toContainer(toSpec(service), image);
    expect(toSpec(service, {}, { replaces }).hostConfig.Mounts).toEqual([
      { Type: 'volume', Source: 'a'.repeat(64), Target: '/cache' },
      { Type: 'volume', Source: 'b'.repeat(64), Target: '/image-data' },
    ]);
  });

  test('one that has a name now is not', () => {
    const before = toContainer(toSpec({ volumes: [{ type: 'volume', target: '/cache' }] }), image);
    const named: Partial<Service> = { volumes: [{ type: 'volume', source: 'cache', target: '/cache' }] };
    expect(toSpec(named, {}, { replaces: before }).hostConfig.Mounts).toEqual([
      { Type: 'volume', Source: 'shop_cache', Target: '/cache' },
      { Type: 'volume', Source: 'b'.repeat(64), Target: '/image-data' },
    ]);
  });
});

test('deploy wins over the older keys', () => {
  const { hostConfig } = toSpec({
    restart: 'always',
    mem_limit: '1g',
    deploy: { restart_policy: { condition: 'on-failure', max_attempts: 3 }, resources: { limits: { memory: '64m' } } },
  });
  expect(hostConfig).toMatchObject({
    Memory: 64 * 1024 ** 2,
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
  });
});

test('a range of exposed ports is spread out', () => {
  const ports = toSpec({ expose: ['99', '100-101/udp'], ports: [{ target: 80, protocol: 'tcp' }] }).config.ExposedPorts;
  expect(Object.keys(ports as object)).toEqual(['99/tcp', '100/udp', '101/udp', '80/tcp']);
});
