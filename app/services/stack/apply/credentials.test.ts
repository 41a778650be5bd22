import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseHashes } from './configHashes.ts';
import { findCredentials, toRegistry } from './credentials.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ghk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (config: unknown) => writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
const find = (reference: string) =>
  findCredentials(reference, { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` });

test.each([
  ['nginx:1', 'https://index.docker.io/v1/'],
  ['team/nginx', 'https://index.docker.io/v1/'],
  ['registry.example.test/team/nginx:1', 'registry.example.test'],
  ['localhost/x', 'localhost'],
  ['host:5000/x@sha256:abc', 'host:5000'],
])('the registry of %s is %s', (reference, registry) => {
  expect(toRegistry(reference)).toBe(registry);
});

test('a login is found for its registry alone, and a password may hold a colon', async () => {
  write({ auths: { 'registry.example.test': { auth: Buffer.from('me:se:cret').toString('base64') } } });
  expect(await find('registry.example.test/x:1')).toEqual({
    username: 'me',
    password: 'se:cret',
    serveraddress: 'registry.example.test',
  });
  expect(await find('nginx:1')).toBeUndefined();
});

test('a helper is asked with the registry on its input', async () => {
  const helper = join(folder, 'docker-credential-test');
  writeFileSync(helper, `#!/bin/sh\nread -r server\nprintf '{"Username":"%s","Secret":"s3"}' "$server"\n`);
  chmodSync(helper, 0o755);
  write({ credHelpers: { 'registry.example.test': 'test' } });
  expect(await find('registry.example.test/x')).toMatchObject({ username: 'registry.example.test', password: 's3' });
});

test.each([
  ['no file', undefined],
  ['no JSON', '{'],
  ['a helper that is not there', { credsStore: 'no-such-helper' }],
  ['a helper that is a path', { credsStore: '../evil' }],
  ['a list', []],
])('%s is no login', async (_, config) => {
  if (typeof config === 'string') writeFileSync(join(folder, 'config.json'), config);
  else if (config !== undefined) write(config);
  expect(await find('nginx:1')).toBeUndefined();
});

test('hashes of compose are read, a line a service, and nothing else', () => {
  const hash = 'a'.repeat(64);
  expect(parseHashes(`web ${hash}\ntime="x" level=warning msg="y"\n\ndb ${hash}\n`)).toEqual({ web: hash, db: hash });
});
