import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { ACCESS_LIFETIME_SECONDS, AUDIENCE, createAccessTokens, ISSUER } from './accessTokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PEM = { publicKey: { type: 'spki', format: 'pem' }, privateKey: { type: 'pkcs8', format: 'pem' } } as const;
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const customer = { id: 17, username: 'ann', scopes: 'customer admin' };

test('another implementation verifies a token with the published key, and finds in it who it is for and until when', async () => {
  const tokens = createAccessTokens({});
  const { payload, protectedHeader } = await jwtVerify(
    tokens.issue(customer),
    createLocalJWKSet(tokens.jwks as never),
    {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
    },
  );
  expect(protectedHeader.kid).toBe(tokens.jwks.keys[0]?.kid);
  expect(payload).toMatchObject({ sub: '17', scope: 'customer admin', username: 'ann' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(ACCESS_LIFETIME_SECONDS);
});

test('no two tokens are the same, and the private half is not published', () => {
  const tokens = createAccessTokens({});
  expect(tokens.issue(customer)).not.toBe(tokens.issue(customer));
  expect(Object.keys(tokens.jwks.keys[0] ?? {})).not.toContain('d');
});

test('with a file, every process has the same key, and without one each its own', () => {
  const { privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: PEM.publicKey,
    privateKeyEncoding: PEM.privateKey,
  });
  const path = file('key.pem', privateKey);
  const fromFile = () => createAccessTokens({ SHOP_TOKEN_KEY_FILE: path }).jwks;
  expect(fromFile()).toEqual(fromFile());
  expect(createAccessTokens({}).jwks).not.toEqual(createAccessTokens({}).jwks);
});

test('a file that is missing, no key or a key of another kind is refused without showing what is in it', () => {
  const make = (path: string) => () => createAccessTokens({ SHOP_TOKEN_KEY_FILE: path });
  expect(make(join(folder, 'missing'))).toThrow('ENOENT');
  expect(make(file('text.pem', 'secret words'))).toThrow(/no private key in PEM(?!.*secret words)/);
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: PEM.publicKey,
    privateKeyEncoding: PEM.privateKey,
  });
  expect(make(file('ec.pem', privateKey))).toThrow('openssl genpkey -algorithm ed25519');
});
