import { expect, test } from 'vitest';
import { loadText } from '../stack/compose/test/loadText.ts';
import { toContainerBody, toContainerName, toNetworkBody } from './createBodies.ts';
import { lastWords } from './engineProcess.ts';
import { findStaleFolders } from './staleFolders.ts';

const loaded = await loadText({
  'docker-compose.yaml': `
name: shop
services:
  api:
    image: gatehouse/api-gateway:1
    command: ["x"]
    environment: { A: 1 }
    networks: [back]
    ports: ["127.0.0.1:8080:8080"]
    expose: ["9100"]
    volumes: ["./gateway.yaml:/etc/gateway.yaml:ro", "data:/data"]
    restart: on-failure:3
    depends_on: { db: { condition: service_healthy } }
    labels: { com.docker.compose.project: evil, mine: "yes" }
    healthcheck: { test: ["CMD", "true"], interval: 5s, retries: 3 }
  db: { image: postgres, networks: [back] }
networks: { back: { internal: true } }
volumes: { data: }
`,
});
const { api } = loaded.project.services;
if (!api) throw new Error('no service');

test('a container is created as compose would, but on any free port of loopback', () => {
  expect(toContainerName('api', loaded.project)).toBe('shop-api-1');
  expect(toContainerBody('api', api, loaded)).toEqual({
    Image: 'gatehouse/api-gateway:1',
    Cmd: ['x'],
    Env: ['A=1'],
    Labels: {
      mine: 'yes',
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'api',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.depends_on': 'db:service_healthy:false',
      'com.docker.compose.project.config_files': '/project/docker-compose.yaml',
      'com.docker.compose.project.working_dir': '/project',
    },
    ExposedPorts: { '8080/tcp': {}, '9100/tcp': {} },
    Healthcheck: {
      Test: ['CMD', 'true'],
      Interval: 5e9,
      Timeout: undefined,
      StartPeriod: undefined,
      Retries: 3,
    },
    HostConfig: {
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
      PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Binds: ['/project/gateway.yaml:/etc/gateway.yaml:ro', 'shop_data:/data'],
    },
    NetworkingConfig: { EndpointsConfig: { shop_back: { Aliases: ['api', 'shop-api-1'] } } },
  });
});

test('a network bears the labels of compose', () => {
  expect(toNetworkBody('back', loaded.project)).toEqual({
    Name: 'shop_back',
    Internal: true,
    Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.network': 'back' },
  });
});

test('only folders of processes that are gone are stale', () => {
  const names = ['sandbox-1', 'sandbox-22', 'sandbox-022', 'sandbox-x', 'host.json', 'sandbox-3/..'];
  expect(findStaleFolders(names, (pid) => pid === 1)).toEqual(['sandbox-22']);
});

test.each([
  [{ code: 3, signal: null, tail: 'a\ncannot listen\n' }, 'cannot listen (exit 3)'],
  [{ code: null, signal: 'SIGKILL', tail: '' }, 'signal SIGKILL'],
  [{ code: null, signal: null, tail: 'spawn nope ENOENT' }, 'spawn nope ENOENT (exit unknown)'],
])('last words of %j', (end, words) => {
  expect(lastWords(end)).toBe(words);
});
