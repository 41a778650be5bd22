import { expect, test } from 'vitest';
import { toWantedPorts } from './ports.ts';
import { parseBind, parseSpec } from './spec.ts';

test("Go's nulls are taken for absent", () => {
  const spec = parseSpec({
    Image: 'redis',
    Cmd: null,
    Env: null,
    Labels: null,
    ExposedPorts: null,
    Healthcheck: null,
    HostConfig: { Binds: null, Mounts: null, PortBindings: null, RestartPolicy: null },
    NetworkingConfig: { EndpointsConfig: { a: null } },
  });
  expect(spec).toMatchObject({
    command: [],
    env: [],
    labels: {},
    exposed: [],
    mounts: [],
    endpoints: { a: { aliases: [] } },
  });
});

test.each([
  [undefined, 'body'],
  [{}, 'Image'],
  [{ Image: '' }, 'Image'],
  [{ Image: 'x', Env: 'A=b' }, 'Env'],
  [{ Image: 'x', Labels: { a: 1 } }, 'Labels.a'],
])('%j is refused with 400 and the name of the field', (body, field) => {
  expect(() => parseSpec(body)).toThrow(
    expect.objectContaining({ status: 400, message: expect.stringContaining(`: ${field}:`) }),
  );
});

test('a health check of NONE is none, and nanoseconds become milliseconds', () => {
  expect(parseSpec({ Image: 'x', Healthcheck: { Test: ['NONE'] } }).healthcheck).toBeNull();
  expect(parseSpec({ Image: 'x', Healthcheck: { Test: ['CMD', 'a'], Interval: 5e9 } }).healthcheck).toMatchObject({
    intervalMs: 5_000,
  });
});

test.each([
  [
    '/stack/gateway.yaml:/etc/gateway.yaml:ro',
    { type: 'bind', source: '/stack/gateway.yaml', target: '/etc/gateway.yaml', readOnly: true },
  ],
  ['data:/var/lib', { type: 'volume', source: 'data', target: '/var/lib', readOnly: false }],
])('bind %s', (text, mount) => {
  expect(parseBind(text)).toEqual(mount);
});

test.each(['./gateway.yaml:/etc/gateway.yaml', '~/data:/data'])('bind %s is refused: it is relative', (text) => {
  expect(() => parseBind(text)).toThrow(expect.objectContaining({ status: 400 }));
});

function wantedPorts(
  exposed: string[],
  bindings: Record<string, { HostIp?: string; HostPort?: string }[]>,
  image: number[] = [],
) {
  const ExposedPorts = Object.fromEntries(exposed.map((port) => [port, {}]));
  return toWantedPorts(parseSpec({ Image: 'x', ExposedPorts, HostConfig: { PortBindings: bindings } }), image);
}

test('ports of the image, exposed ones and published ones', () => {
  const { ports, warnings } = wantedPorts(
    ['9000/tcp'],
    { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8088' }], '443/tcp': [{}] },
    [80],
  );
  expect(ports).toEqual([
    { containerPort: 80, published: true, hostPort: 8088 },
    { containerPort: 9000, published: false, hostPort: 0 },
    { containerPort: 443, published: true, hostPort: 0 },
  ]);
  expect(warnings).toEqual([]);
});

test('what the sandbox does otherwise than asked is a warning', () => {
  const { warnings } = wantedPorts(['53/udp'], { '80/tcp': [{ HostIp: '0.0.0.0' }, { HostIp: '::' }] });
  expect(warnings).toEqual([
    'port 53/udp: the sandbox has TCP alone',
    'port 80/tcp: the sandbox publishes one address a port, the first',
    'port 80/tcp: the sandbox publishes on 127.0.0.1 alone, not on 0.0.0.0',
  ]);
});

test.each([['0'], ['70000'], ['80/tcp/x'], ['-1']])('port %s is refused', (port) => {
  expect(() => wantedPorts([port], {})).toThrow(expect.objectContaining({ status: 400 }));
});

test('a host port that is no number is refused', () => {
  expect(() => wantedPorts([], { '80/tcp': [{ HostPort: '8080-8090' }] })).toThrow('invalid published port');
});
