import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createIssuer } from '../test/tokens.ts';
import type { AlgorithmName } from './algorithms.ts';
import { parseJwks, parsePublicKeys, parseSecrets } from './verificationKey.ts';

const read = (keys: unknown[], allowed: AlgorithmName[], secrets = false) =>
  parseJwks(JSON.stringify({ keys }), { allowed, secrets });
const rsa = async (more: object = {}) => ({ ...(await createIssuer('RS256')).jwk, alg: undefined, ...more });

function toPem(key: { export(options: { type: 'spki'; format: 'pem' }): string | Buffer }): string {
  return String(key.export({ type: 'spki', format: 'pem' }));
}

test('a key that says its algorithm is bound to it', async () => {
  const { keys } = read([await rsa({ alg: 'PS512', kid: 'a' })], ['RS256', 'PS512']);
  expect(keys).toMatchObject([{ id: 'a', algorithm: 'PS512' }]);
});

test('a key that says none is bound to the only one that fits it', async () => {
  const { keys } = read([await rsa()], ['ES256', 'RS256', 'EdDSA']);
  expect(keys).toMatchObject([{ algorithm: 'RS256' }]);
});

test('a key that several would fit is not used: the token would choose', async () => {
  const both = await rsa();
  expect(() => read([both], ['RS256', 'PS256'])).toThrow(/could be used with RS256 and PS256; allow one/);
});

test('a curve decides by itself', async () => {
  const set = await Promise.all(['ES256', 'ES384', 'ES512', 'EdDSA'].map((name) => createIssuer(name, name)));
  const { keys } = read(
    set.map(({ jwk }) => ({ ...jwk, alg: undefined })),
    ['ES256', 'ES384', 'ES512', 'EdDSA'],
  );
  expect(keys.map(({ id, algorithm }) => [id, algorithm])).toEqual([
    ['ES256', 'ES256'],
    ['ES384', 'ES384'],
    ['ES512', 'ES512'],
    ['EdDSA', 'EdDSA'],
  ]);
});

test('keys that cannot be used are left out, each with its reason, and the others are used', async () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const { privateKey } = generateKeyPairSync('ed25519');
  const good = await rsa({ kid: 'good' });
  const { keys, unused } = read(
    [
      await rsa({ use: 'enc' }),
      await rsa({ key_ops: ['encrypt'] }),
      await rsa({ alg: 'RS512' }),
      await rsa({ kid: 7 }),
      await rsa({ e: 'AQ' }),
      await rsa({ n: `${(await rsa()).n}==` }),
      short,
      privateKey.export({ format: 'jwk' }),
      { kty: 'oct', k: 'a'.repeat(86) },
      { kty: 'XYZ' },
      'text',
      good,
    ],
    ['RS256', 'EdDSA', 'HS256'],
  );
  expect(keys).toMatchObject([{ id: 'good' }]);
  expect(unused).toMatchObject([
    'keys[0]: its "use" is not "sig"',
    'keys[1]: its "key_ops" do not name "verify"',
    'keys[2]: its "alg" is not among the allowed algorithms',
    'keys[3]: its "kid" is not a text',
    expect.stringMatching(/exponent of an RSA key is at least 3/),
    'keys[5]: its "n" is not base64url',
    expect.stringMatching(/an RSA key has at least 2048 bits; it has 1024/),
    'keys[7]: it is a private key, which everybody can read now: replace it',
    'keys[8]: it is a secret, which is never taken from the network',
    expect.stringMatching(/^keys\[9\]: /),
    'keys[10]: it is not an object',
  ]);
});

test.each([
  ['', /not a JSON object/],
  ['{"keys":{}}', /list "keys"/],
  ['{"keys":[]}', /no key that can be used$/],
  ['{"keys":[1],"keys":[2]}', /not a JSON object/],
  [JSON.stringify({ keys: new Array(101).fill({}) }), /it has 101 keys; 100 are taken/],
])('%.40s is no key set', (text, reason) => {
  expect(() => parseJwks(text, { allowed: ['RS256'], secrets: false })).toThrow(reason);
});

test('a point that is not on its curve is no key', () => {
  const one = Buffer.alloc(32, 1).toString('base64url');
  expect(() => read([{ kty: 'EC', crv: 'P-256', x: one, y: one }], ['ES256'])).toThrow(/keys\[0\]/);
});

test('a secret must be as long as the hash (RFC 7518, 3.2)', () => {
  expect(() => parseSecrets('short\n', ['HS256'])).toThrow(/at least 32 bytes; it has 5/);
  expect(() => parseSecrets('s'.repeat(63), ['HS512'])).toThrow(/at least 64 bytes; it has 63/);
  expect(parseSecrets('s'.repeat(64), ['HS512']).keys).toHaveLength(1);
  expect(() => parseSecrets('\n\n', ['HS256'])).toThrow(/no secret/);
  expect(() => parseSecrets(`${'s'.repeat(32)}\n`.repeat(5), ['HS256'])).toThrow(/it has 5 keys without names/);
});

test('a PEM file may hold the current key and the one before it, and never a private one', () => {
  const [first, second] = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  if (!first || !second) throw new Error('no keys');
  expect(parsePublicKeys(toPem(first.publicKey) + toPem(second.publicKey), ['ES256']).keys).toHaveLength(2);
  const secret = String(first.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  expect(() => parsePublicKeys(secret, ['ES256'])).toThrow(/private key, which only the issuer may have/);
  expect(() => parsePublicKeys(toPem(first.publicKey), ['ES384'])).toThrow(/takes a key on secp384r1/);
  expect(() => parsePublicKeys('nothing', ['ES256'])).toThrow(/no PEM block/);
});

test('no message quotes a secret', () => {
  for (const text of ['hunter2', '-----BEGIN PUBLIC KEY-----\nhunter2\n-----END PUBLIC KEY-----'])
    for (const parse of [parseSecrets, parsePublicKeys])
      expect(() => parse(text, ['HS256'])).toThrow(
        expect.not.objectContaining({ message: expect.stringMatching(/hunter2/) }),
      );
});
