import { expect, test } from 'vitest';
import { requireModeFiles, resolveModeFiles } from './modeFiles.ts';
import { readerOf } from './test/loadText.ts';

const base = 'services: { api: { image: x, ports: ["80:80"] }, debug: { image: y } }';

const resolve = async (files: Record<string, string>) => {
  const { dev, prod } = await resolveModeFiles('/project', { reader: readerOf(files), environment: {} });
  const short = (list: readonly string[] | undefined) => list?.map((file) => file.replace('/project/', ''));
  return { dev: short(dev.files), prod: short(prod?.files), reason: prod?.reason, profiles: prod?.profiles };
};

test('without production files there is development alone', async () => {
  expect(await resolve({ 'compose.yaml': base })).toMatchObject({ dev: ['compose.yaml'], prod: undefined });
});

test('a file that is complete stands alone', async () => {
  const files = { 'docker-compose.yaml': base, 'docker-compose.prod.yaml': 'services: { api: { image: x } }' };
  expect(await resolve(files)).toMatchObject({
    dev: ['docker-compose.yaml'],
    prod: ['docker-compose.prod.yaml'],
    reason: 'docker-compose.prod.yaml stands alone',
  });
});

test.each([
  ['has neither image nor build', 'services: { api: { restart: always } }'],
  ['joins networks of the other file', 'services: { api: { image: x, networks: [elsewhere] } }'],
  ['takes something away', 'services: { api: { image: x, ports: !reset [] } }'],
  ['has no services', 'networks: { default: { internal: true } }'],
])('a file that %s is laid over the other', async (_, text) => {
  const found = await resolve({ 'docker-compose.yaml': base, 'docker-compose.prod.yaml': text });
  expect(found.prod).toEqual(['docker-compose.yaml', 'docker-compose.prod.yaml']);
  expect(found.reason).toBe('docker-compose.prod.yaml over docker-compose.yaml');
});

test('the default override belongs to development only', async () => {
  const found = await resolve({
    'compose.yaml': base,
    'compose.override.yaml': 'services: { api: { user: dev } }',
    'compose.prod.yaml': 'services: { api: { user: prod } }',
  });
  expect(found).toMatchObject({
    dev: ['compose.yaml', 'compose.override.yaml'],
    prod: ['compose.yaml', 'compose.prod.yaml'],
  });
});

test('what x-gatehouse says wins', async () => {
  const said = 'x-gatehouse: { modes: { prod: { files: [a.yaml, deep/b.yaml], profiles: [prod] } } }';
  const found = await resolve({ 'compose.yaml': `${said}\n${base}`, 'compose.prod.yaml': base });
  expect(found).toEqual({
    dev: ['compose.yaml'],
    prod: ['a.yaml', 'deep/b.yaml'],
    reason: 'said in x-gatehouse.modes.prod',
    profiles: ['prod'],
  });
});

test.each([
  ['{ modes: { staging: { files: [a] } } }', /^compose\.yaml:1:25: x-gatehouse\.modes has "staging"/],
  ['{ modes: { prod: { files: [] } } }', /x-gatehouse\.modes\.prod names no files/],
  ['{ modes: { prod: { files: a.yaml } } }', /x-gatehouse\.modes\.prod\.files must be a list of texts/],
])('x-gatehouse: %s is a problem', async (said, message) => {
  await expect(resolve({ 'compose.yaml': `x-gatehouse: ${said}\n${base}` })).rejects.toMatchObject({
    code: 'compose-invalid',
    message: expect.stringMatching(message),
  });
});

test('asking for a mode that has no files says how to give it some', async () => {
  const context = { reader: readerOf({ 'compose.yaml': base }), environment: {} };
  await expect(requireModeFiles('/project', 'prod', context)).rejects.toMatchObject({
    code: 'folder-unreadable',
    message: expect.stringContaining('docker-compose.prod.yaml'),
  });
});
