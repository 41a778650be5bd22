import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { PLATFORM_FOLDER, readCompose } from './composeFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
const hasOpenssl = process.platform !== 'win32' && spawnSync('openssl', ['version']).status === 0;
beforeAll(() => {
  cpSync(join(PLATFORM_FOLDER, 'make-secrets'), join(folder, 'make-secrets'));
  cpSync(join(PLATFORM_FOLDER, 'nginx/make-certificate'), join(folder, 'nginx/make-certificate'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach((context) => {
  if (!hasOpenssl) context.skip('needs bash and openssl');
});

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('there is a file for every secret of production, in a folder that is its owner’s alone', () => {
  execFileSync(join(folder, 'make-secrets'));
  const wanted = Object.values(readCompose('prod').secrets ?? {}).map(({ file }) => file.replace('./secrets/', ''));
  expect(readdirSync(join(folder, 'secrets')).sort()).toEqual(wanted.sort());
  expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
  const password = read('secrets/postgres_password');
  expect(password).toMatch(/^[0-9a-f]{48}$/);
  expect(read('secrets/pgbouncer_users')).toBe(`"shop" "${password}"\n`);
  expect(JSON.parse(read('secrets/redis_exporter.json'))['redis://redis:6379']).toBe(
    read('secrets/redis.conf').replace(/^requirepass |\n$/g, ''),
  );
});

test('services get the public half of the gateway’s key', () => {
  const half = createPublicKey(createPrivateKey(read('secrets/identity_private.pem')));
  expect(half.asymmetricKeyType).toBe('ed25519');
  expect(read('secrets/identity_public.pem')).toBe(half.export({ type: 'spki', format: 'pem' }));
});

test('servers of an earlier version keep their password, and what was written into their file', () => {
  const earlier = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(earlier, { recursive: true }));
  cpSync(join(PLATFORM_FOLDER, 'make-secrets'), join(earlier, 'make-secrets'));
  mkdirSync(join(earlier, 'secrets'));
  writeFileSync(join(earlier, 'secrets/redis.conf'), 'requirepass abc\nmaxmemory 1mb\n');
  execFileSync(join(earlier, 'make-secrets'));
  expect(readFileSync(join(earlier, 'secrets/redis_password'), 'utf8')).toBe('abc');
  expect(readFileSync(join(earlier, 'secrets/redis.conf'), 'utf8')).toContain('maxmemory 1mb');
});

test('a second run changes no password and no key', () => {
  const before = readdirSync(join(folder, 'secrets')).map((name) => read(`secrets/${name}`));
  execFileSync(join(folder, 'make-secrets'));
  expect(readdirSync(join(folder, 'secrets')).map((name) => read(`secrets/${name}`))).toEqual(before);
});

test('the certificate is for the names given, signed by an authority that a second run keeps', () => {
  const script = join(folder, 'nginx/make-certificate');
  execFileSync(script, ['api.example.test']);
  const authority = read('nginx/certificates/ca.crt');
  execFileSync(script, ['shop.example.test']);
  expect(read('nginx/certificates/ca.crt')).toBe(authority);
  const certificate = join(folder, 'nginx/certificates/server.crt');
  const verify = [
    'verify',
    '-CAfile',
    join(folder, 'nginx/certificates/ca.crt'),
    '-verify_hostname',
    'shop.example.test',
  ];
  expect(execFileSync('openssl', [...verify, certificate], { encoding: 'utf8' })).toContain('OK');
  expect(
    spawnSync('openssl', ['verify', '-verify_hostname', 'other.test', '-CAfile', certificate, certificate]).status,
  ).not.toBe(0);
  expect(statSync(join(folder, 'nginx/certificates/server.key')).mode & 0o077).toBe(0);
});
