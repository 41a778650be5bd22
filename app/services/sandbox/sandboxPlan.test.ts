import { expect, test } from 'vitest';
import { loadText } from '../stack/compose/test/loadText.ts';
import { lastWords } from './engineProcess.ts';
import { toSandboxProject } from './sandboxProject.ts';
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
    ports: ["8080:8080", "9080:8080"]
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
test('what is published is on any free port of loopback; all else stays as the files say', () => {
  const { services, ...rest } = toSandboxProject(loaded.project);
  const { services: written, ...others } = loaded.project;
  expect(rest).toEqual(others);
  expect(services.db).toBe(written.db);
  expect(services.api).toEqual({
    ...written.api,
    ports: [expect.objectContaining({ host_ip: '127.0.0.1', target: 8080, protocol: 'tcp' })],
  });
  expect(services.api?.ports?.[0]).not.toHaveProperty('published');
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
