import { expect, test } from 'vitest';
import { parseEngineEvent } from './engineEvent.ts';
import { parseInspect, parseList, toObservedContainer } from './observed.ts';

const inspect = (given: Record<string, unknown> = {}) => ({
  Id: 'abc',
  Name: '/shop-api-1',
  Image: 'sha256:1',
  RestartCount: 2,
  State: {
    Status: 'running',
    ExitCode: 0,
    OOMKilled: false,
    StartedAt: '2026-01-01T00:00:00Z',
    FinishedAt: '0001-01-01T00:00:00Z',
  },
  Config: {
    Image: 'shop/api:1',
    Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'api', other: 'x' },
  },
  HostConfig: { RestartPolicy: { Name: 'always' } },
  NetworkSettings: {
    Ports: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }], '81/tcp': null },
    Networks: { shop_a: { IPAddress: '10.0.0.2', Aliases: null } },
  },
  Mounts: [],
  ...given,
});

test('an inspect answer becomes plain data', () => {
  expect(toObservedContainer(parseInspect(inspect()))).toMatchObject({
    id: 'abc',
    name: 'shop-api-1',
    project: 'shop',
    service: 'api',
    state: 'running',
    health: 'none',
    startedAt: Date.parse('2026-01-01T00:00:00Z'),
    // The engine writes year 1 for never.
    finishedAt: null,
    exitCode: null,
    restarts: 2,
    labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'api' },
    ports: [
      { containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 8080 },
      { containerPort: 81, protocol: 'tcp', hostIp: null, hostPort: null },
    ],
    networks: [{ name: 'shop_a', address: '10.0.0.2', aliases: [] }],
  });
});

test('nulls and odd values where an engine may write them do not break it', () => {
  const odd = inspect({
    HostConfig: null,
    NetworkSettings: { Ports: null, Networks: null },
    Mounts: null,
    Config: { Image: 5, Labels: null, Env: null, ExposedPorts: { 'x/tcp': {}, '9/sctp': {} } },
  });
  expect(toObservedContainer(parseInspect(odd))).toMatchObject({
    service: null,
    restartPolicy: 'no',
    ports: [{ containerPort: 9, protocol: 'sctp' }],
  });
});

test('the newest five probes come first, their output cut', () => {
  const Log = Array.from({ length: 8 }, (_, n) => ({
    End: `2026-01-01T00:00:0${n}Z`,
    ExitCode: n,
    Output: 'x'.repeat(9000),
  }));
  const given = inspect({ State: { Status: 'running', Health: { Status: 'unhealthy', Log } } });
  const { probes } = toObservedContainer(parseInspect(given));
  expect(probes.map(({ exitCode }) => exitCode)).toEqual([7, 6, 5, 4, 3]);
  expect(probes[0]?.output).toHaveLength(4096);
});

test('what is no engine’s answer is refused', () => {
  expect(() => parseInspect('<html>')).toThrow();
  expect(() => parseList({ message: 'no' })).toThrow();
});

test.each([
  [
    '{"Type":"container","Action":"die","Actor":{"ID":"a","Attributes":{"exitCode":"137"}},"timeNano":1700000000123456789}',
    { action: 'die', exitCode: 137, at: 1_700_000_000_123 },
  ],
  [
    '{"Type":"container","Action":"health_status: unhealthy","Actor":{"ID":"a"},"time":5}',
    { action: 'health_status', health: 'unhealthy', at: 5000 },
  ],
  [
    '{"Type":"network","Action":"connect","Actor":{"ID":"n","Attributes":{"container":"a"}}}',
    { type: 'network', container: 'a' },
  ],
])('event %s', (line, expected) => {
  expect(parseEngineEvent(line)).toMatchObject(expected);
});

test.each(['', '{', '[]', '{"Type":"image","Action":"pull","Actor":{"ID":"x"}}'])('%s is no event of ours', (line) => {
  expect(parseEngineEvent(line)).toBeUndefined();
});
