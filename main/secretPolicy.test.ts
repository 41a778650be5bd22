import { expect, test } from 'vitest';
import { decideKeeping, formatSecretFile, parseSecretFile, type StoreFacts } from './secretPolicy.ts';

test.each<[facts: StoreFacts, keeps: boolean, words: string]>([
  [{ platform: 'darwin', isAvailable: true, backend: undefined }, true, 'Keychain'],
  [{ platform: 'win32', isAvailable: true, backend: undefined }, true, 'DPAPI'],
  [{ platform: 'linux', isAvailable: true, backend: 'gnome_libsecret' }, true, 'libsecret'],
  [{ platform: 'linux', isAvailable: true, backend: 'kwallet6' }, true, 'KWallet'],
  // Available, says Electron, and seals with a password that stands in its sources.
  [{ platform: 'linux', isAvailable: true, backend: 'basic_text' }, false, 'basic_text'],
  [{ platform: 'linux', isAvailable: true, backend: 'unknown' }, false, 'cannot be used now'],
  [{ platform: 'linux', isAvailable: true, backend: 'a-later-one' }, false, 'cannot be used now'],
  [{ platform: 'linux', isAvailable: false, backend: 'gnome_libsecret' }, false, 'locked'],
  [{ platform: 'darwin', isAvailable: false, backend: undefined }, false, 'locked'],
  [{ platform: 'freebsd', isAvailable: true, backend: undefined }, false, 'cannot be used now'],
])('%j keeps: %s', (facts, keeps, words) => {
  expect(decideKeeping(facts)).toEqual({ keeps, detail: expect.stringContaining(words) });
});

test('what was written is read again', () => {
  const secrets = new Map([['token a', { sealed: 'djEx/w==', keptAt: 1 }]]);
  expect(parseSecretFile(formatSecretFile(secrets))).toEqual(secrets);
});

test.each(['', '{', '[]', 'null', '{"version":2,"secrets":{}}', '{"version":1,"secrets":null}'])(
  'a file of %j is none of ours',
  (text) => expect(parseSecretFile(text)).toBeUndefined(),
);

test('a single entry that is wrong costs itself alone', () => {
  const good = { sealed: 'AAAA', keptAt: 1 };
  const bad = { a: null, b: { sealed: 'not base64!', keptAt: 1 }, c: { sealed: 'AAAA' }, d: 'AAAA' };
  expect(parseSecretFile(JSON.stringify({ version: 1, secrets: { ...bad, good } }))).toEqual(new Map([['good', good]]));
});
