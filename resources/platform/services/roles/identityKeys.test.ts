import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureIdentityKeys } from './identityKeys.ts';

function createFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'identity-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { privateFile: join(folder, 'private.pem'), publicFile: join(folder, 'public.pem') };
}
const read = (path: string) => readFileSync(path, 'utf8');

test('the public key is the private one’s, which nobody else can read', () => {
  const files = createFiles();
  expect(ensureIdentityKeys(files)).toBe('made');
  const expected = createPublicKey(createPrivateKey(read(files.privateFile))).export({ type: 'spki', format: 'pem' });
  expect(read(files.publicFile)).toBe(expected);
  expect(statSync(files.privateFile).mode & 0o777).toBe(0o600);
});

test('a second start keeps the pair, and makes up for a public key that was lost', () => {
  const files = createFiles();
  ensureIdentityKeys(files);
  const before = [read(files.privateFile), read(files.publicFile)];
  rmSync(files.publicFile);
  expect(ensureIdentityKeys(files)).toBe('kept');
  expect([read(files.privateFile), read(files.publicFile)]).toEqual(before);
});

test('what is no key is not written over', () => {
  const files = createFiles();
  writeFileSync(files.privateFile, 'somebody’s notes');
  expect(() => ensureIdentityKeys(files)).toThrow();
  expect(read(files.privateFile)).toBe('somebody’s notes');
});
