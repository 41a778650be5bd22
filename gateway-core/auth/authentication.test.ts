import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { silentLog } from '../server/log.ts';
import { writeTestFile } from '../test/securedGateway.ts';
import { createIssuer, ISSUER } from '../test/tokens.ts';
import { createAuthentication } from './authentication.ts';

let at = 0;
const dependencies = {
  ...{ log: silentLog, resolve: (authority: string) => authority, env: { SECRET: 's'.repeat(32) }, now: Date.now },
  monotonicNow: () => at,
};
const toConfig = (providers: string) =>
  loadConfig(`version: 1
upstreams: { app: { url: "http://app" } }
routes: [{ id: app, paths: [/app], upstream: app }]
auth: { providers: { ${providers} } }`).auth;
const secret = (name: string, more = '') =>
  `${name}: { issuer: i, algorithms: [HS256], keys: { secretEnv: SECRET }${more} }`;

test('a provider that stays the same keeps its keys and the tokens that it found valid; another one is built anew', () => {
  const first = createAuthentication(toConfig(`${secret('a')}, ${secret('b')}`), dependencies);
  const next = createAuthentication(toConfig(`${secret('a')}, ${secret('b', ', types: [JWT]')}`), dependencies, first);
  expect(next.verifiers.get('a')?.verifier).toBe(first.verifiers.get('a')?.verifier);
  expect(next.verifiers.get('b')?.verifier).not.toBe(first.verifiers.get('b')?.verifier);
  expect(next.verifiers.get('b')?.verifier.keys).toBe(first.verifiers.get('b')?.verifier.keys);
});

test('a key file that is replaced is in force within seconds, and ends what was verified by the old one', async () => {
  const [old, next] = [await createIssuer('ES256', 'old'), await createIssuer('ES256', 'next')];
  const toJwks = ({ jwk }: { jwk: object }) => JSON.stringify({ keys: [jwk] });
  const file = writeTestFile('jwks.json', toJwks(old));
  const config = toConfig(`a: { issuer: "${ISSUER}", algorithms: [ES256], keys: { jwksFile: "${file}" } }`);
  const { verify, status } = createAuthentication(config, dependencies);
  const [oldToken, newToken] = [await old.sign({ aud: undefined }), await next.sign({ aud: undefined })];
  const kinds = async () => [(await verify('a', oldToken)).kind, (await verify('a', newToken)).kind];
  expect(await kinds()).toEqual(['valid', 'refused']);
  writeFileSync(file, toJwks(next));
  at += 2_000;
  expect(await kinds()).toEqual(['refused', 'valid']);
  writeFileSync(file, '{}');
  at += 2_000;
  expect(await kinds()).toEqual(['refused', 'valid']);
  expect(status()).toMatchObject([
    { provider: 'a', keys: 1, failure: expect.stringMatching(/jwks\.json is not usable/) },
  ]);
});
