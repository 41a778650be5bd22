import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type EngineAddress, isRemote, parseEngineAddress, toDockerHost, toPlace } from './address.ts';
import { listContexts } from './contexts.ts';
import { findEngineAddress } from './findAddress.ts';
import type { Machine } from './machine.ts';

const sha = (name: string) => createHash('sha256').update(name).digest('hex');
const meta = (host: string, name = '') => JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } });

function machine(env: Machine['env'], files: Record<string, string> = {}, sockets: string[] = []): Machine {
  return {
    env,
    homeFolder: '/home/op',
    platform: 'linux',
    exists: (path) => sockets.includes(path),
    userId: undefined,
    readText: (path) => files[path],
    listFolder: (path) =>
      Object.keys(files).flatMap((file) =>
        file.startsWith(`${path}/`) ? [file.slice(path.length + 1).split('/')[0] ?? ''] : [],
      ),
  };
}

const contextFiles = (name: string, host: string, current = true) => ({
  ...(current ? { '/home/op/.docker/config.json': JSON.stringify({ currentContext: name }) } : {}),
  [`/home/op/.docker/contexts/meta/${sha(name)}/meta.json`]: meta(host, name),
});

const cases: [string, Machine, string][] = [
  ['DOCKER_HOST as a socket', machine({ DOCKER_HOST: 'unix:///run/my.sock' }), 'unix:///run/my.sock'],
  ['DOCKER_HOST as tcp', machine({ DOCKER_HOST: 'tcp://build:2375' }), 'tcp://build:2375'],
  ['DOCKER_HOST without a scheme', machine({ DOCKER_HOST: 'build:1234' }), 'tcp://build:1234'],
  [
    'DOCKER_HOST wins over a context',
    machine({ DOCKER_HOST: 'unix:///a', DOCKER_CONTEXT: 'work' }, contextFiles('work', 'unix:///b')),
    'unix:///a',
  ],
  ['the current context', machine({}, contextFiles('work', 'unix:///work.sock')), 'unix:///work.sock'],
  [
    'DOCKER_CONTEXT wins over the current one',
    machine({ DOCKER_CONTEXT: 'b' }, { ...contextFiles('a', 'unix:///a'), ...contextFiles('b', 'unix:///b', false) }),
    'unix:///b',
  ],
  [
    'the default context is the default socket',
    machine({}, { '/home/op/.docker/config.json': '{"currentContext":"default"}' }, ['/var/run/docker.sock']),
    'unix:///var/run/docker.sock',
  ],
  [
    'a broken config.json is none',
    machine({}, { '/home/op/.docker/config.json': '{' }, ['/var/run/docker.sock']),
    'unix:///var/run/docker.sock',
  ],
  [
    'a rootless engine',
    machine({ XDG_RUNTIME_DIR: '/run/user/1000' }, {}, ['/run/user/1000/docker.sock']),
    'unix:///run/user/1000/docker.sock',
  ],
  [
    'a rootless engine, in a shell without its variable',
    { ...machine({}, {}, ['/run/user/1000/docker.sock']), userId: 1000 },
    'unix:///run/user/1000/docker.sock',
  ],
  ['DOCKER_HOST over ssh', machine({ DOCKER_HOST: 'ssh://op@build:2222' }), 'ssh://op@build:2222'],
  ['a context over ssh', machine({}, contextFiles('far', 'ssh://build')), 'ssh://build'],
  [
    'a socket of its own over ssh',
    machine({ DOCKER_HOST: 'ssh://op@[fe80::1]/run/user/1000/docker.sock' }),
    'ssh://op@[fe80::1]/run/user/1000/docker.sock',
  ],
  ['Docker Desktop', machine({}, {}, ['/home/op/.docker/run/docker.sock']), 'unix:///home/op/.docker/run/docker.sock'],
];

test.each(cases)('%s', (_, given, expected) => {
  expect(toDockerHost(findEngineAddress(given).address)).toBe(expected);
});

test.each([
  ['nothing is there', machine({}), /no socket at \/var\/run\/docker\.sock/],
  ['a password for ssh', machine({ DOCKER_HOST: 'ssh://op:secret@build' }), /ssh:\/\/op:…@build, and a password/],
  [
    'an option in place of a host',
    machine({ DOCKER_HOST: 'ssh://-oProxyCommand=x' }),
    /no address that ssh understands/,
  ],
  ['an option in place of a user', machine({ DOCKER_HOST: 'ssh://-oX@build' }), /whose user is no name/],
  ['more than ssh takes', machine({}, contextFiles('far', 'ssh://op@build?x=1')), /context "far" is .* says more/],
  ['no address at all', machine({ DOCKER_HOST: 'ftp://x' }), /no address of an engine/],
  ['a context that was removed', machine({ DOCKER_CONTEXT: 'gone' }), /context "gone" is chosen, but it is not in/],
])('%s', (_, given, message) => {
  expect(() => findEngineAddress(given)).toThrow(
    expect.objectContaining({ code: 'engine-missing', message: expect.stringMatching(message) }),
  );
});

test('TLS files of DOCKER_CERT_PATH are used', () => {
  const files = { '/certs/ca.pem': 'ca', '/certs/cert.pem': 'cert', '/certs/key.pem': 'key' };
  const given = machine({ DOCKER_HOST: 'tcp://build', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' }, files);
  expect(findEngineAddress(given).address).toEqual({
    kind: 'tcp',
    host: 'build',
    port: 2376,
    tls: { ca: 'ca', cert: 'cert', key: 'key', verify: true },
  });
});

test('TLS that is asked for but has no files is a problem, never plain text', () => {
  const given = machine({ DOCKER_HOST: 'tcp://build:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' });
  expect(() => findEngineAddress(given)).toThrow(expect.objectContaining({ code: 'engine-missing' }));
});

const ssh = (host: string): EngineAddress => ({ kind: 'ssh', user: null, host, port: null, socketPath: null });

test.each<[EngineAddress, string, boolean]>([
  [{ kind: 'socket', path: '/x' }, 'this machine', false],
  [{ kind: 'tcp', host: '127.0.0.1', port: 1, tls: null }, 'this machine', false],
  [{ kind: 'tcp', host: 'build', port: 1, tls: null }, 'build', true],
  [ssh('build'), 'build', true],
  [ssh('localhost'), 'localhost', true],
])('the place of %j is %s', (address, place, remote) => {
  expect(toPlace(address)).toBe(place);
  expect(isRemote(address)).toBe(remote);
});

test('an address over ssh is taken apart', () => {
  expect(parseEngineAddress('ssh://op@build:2222/run/d.sock', 'x', null)).toEqual({
    kind: 'ssh',
    user: 'op',
    host: 'build',
    port: 2222,
    socketPath: '/run/d.sock',
  });
});

test('contexts are listed by their names; what is none is left out', () => {
  const files = {
    ...contextFiles('work', 'unix:///w'),
    ...contextFiles('far', 'ssh://far', false),
    [`/home/op/.docker/contexts/meta/${sha('x')}/meta.json`]: meta('unix:///y', 'y'),
    '/home/op/.docker/contexts/meta/junk/meta.json': '{',
  };
  expect(listContexts(machine({}, files))).toEqual(['far', 'work']);
  expect(listContexts(machine({}))).toEqual([]);
});
