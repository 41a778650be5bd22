import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createIdentityKeyFile, createIdentityVerifier, type IdentityKeys, parseIdentityKeys } from './identity.ts';

const SECRET = 's'.repeat(32);
const NOW_MS = 1_700_000_000_000;
const NOW = NOW_MS / 1_000;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const toKeyId = (secret: string) =>
  createHmac('sha256', secret).update('gatehouse identity key id').digest('base64url').slice(0, 11);

function signed(claims: object = {}, header: object = {}, secret = SECRET): string {
  const parameters = { alg: 'HS256', typ: 'gatehouse-identity+jwt', kid: toKeyId(secret), ...header };
  const facts = { method: 'GET', path: '/a?b=1', host: 'search:8002', rid: 'request-1', aud: 'search' };
  const who = { sub: 'ann', provider: 'login', scope: 'read write' };
  const input = `${encode(parameters)}.${encode({ iss: 'gatehouse', iat: NOW, exp: NOW + 15, ...facts, ...who, ...claims })}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** As Node hands it to a service. */
const toRequest = (
  field: string | string[] | undefined,
  more: { method?: string; url?: string; headers?: object } = {},
) => ({
  method: 'GET',
  url: '/a?b=1',
  headers: { host: 'search:8002', 'x-request-id': 'request-1', ...more.headers },
  headersDistinct: field === undefined ? {} : { 'x-gatehouse-identity': [field].flat() },
  ...(more.method === undefined ? {} : { method: more.method }),
  ...(more.url === undefined ? {} : { url: more.url }),
});

const verifier = (
  keys: IdentityKeys = parseIdentityKeys(SECRET),
  upstream: string | undefined = 'search',
  nowMs = NOW_MS,
) => createIdentityVerifier({ keys, ...(upstream === undefined ? {} : { upstream }), now: () => nowMs });
const reasonOf = (request: ReturnType<typeof toRequest>, verify = verifier()) => {
  const answer = verify(request);
  return answer.ok ? 'accepted' : answer.reason;
};

test('a request that the gateway signed says who sent it', () => {
  expect(verifier()(toRequest(signed()))).toEqual({
    ok: true,
    caller: { kind: 'subject', provider: 'login', subject: 'ann', scopes: ['read', 'write'] },
    requestId: 'request-1',
  });
});

test('an anonymous one is anonymous, and a subject of that name is not', () => {
  const anonymous = signed({ sub: 'anonymous', provider: undefined, scope: undefined });
  expect(verifier()(toRequest(anonymous))).toMatchObject({ caller: { kind: 'anonymous' } });
  expect(verifier()(toRequest(signed({ sub: 'anonymous' })))).toMatchObject({ caller: { kind: 'subject' } });
});

describe('what did not come through the gateway, or not like this', () => {
  test.each<[what: string, request: ReturnType<typeof toRequest>, reason: RegExp]>([
    ['no signature', toRequest(undefined), /no signature/],
    ['two of them', toRequest([signed(), signed()]), /several signatures/],
    ['an empty one', toRequest(''), /not a compact JWS/],
    ['a token of a user', toRequest(signed({}, { typ: 'JWT' })), /of another kind/],
    ['alg none', toRequest(`${encode({ alg: 'none', kid: toKeyId(SECRET) })}.${encode({})}.AA`), /of another kind/],
    ['another alg', toRequest(signed({}, { alg: 'EdDSA' })), /of another kind/],
    ['a crit', toRequest(signed({}, { crit: ['x'] })), /of another kind/],
    ['an unknown key', toRequest(signed({}, {}, 'x'.repeat(32))), /not known here/],
    ['a key from the prototype', toRequest(signed({}, { kid: 'constructor' })), /not known here/],
    ['no key', toRequest(signed({}, { kid: undefined })), /not known here/],
    ['another secret under the id', toRequest(signed({}, { kid: toKeyId(SECRET) }, 'x'.repeat(32))), /is wrong/],
    ['padding', toRequest(`${signed()}=`), /not a compact JWS/],
    ['four parts', toRequest(`${signed()}.AA`), /not a compact JWS/],
    ['a huge one', toRequest('A'.repeat(20_000)), /not a compact JWS/],
    ['another issuer', toRequest(signed({ iss: 'login' })), /not signed by a gateway/],
    ['another method', toRequest(signed(), { method: 'DELETE' }), /another method/],
    ['another path', toRequest(signed(), { url: '/admin' }), /another path/],
    ['another query', toRequest(signed(), { url: '/a?b=2' }), /another path/],
    ['another host', toRequest(signed(), { headers: { host: 'backend:8000' } }), /another host/],
    ['another request id', toRequest(signed(), { headers: { 'x-request-id': 'request-2' } }), /another request id/],
    [
      'no request id',
      toRequest(signed({ rid: 'x' }), { headers: { 'x-request-id': undefined } }),
      /another request id/,
    ],
    ['another service', toRequest(signed({ aud: 'backend' })), /for another service/],
    ['over', toRequest(signed({ iat: NOW - 20, exp: NOW - 5 })), /is over/],
    ['of the future', toRequest(signed({ iat: NOW + 6, exp: NOW + 20 })), /of the future/],
    ['for an hour', toRequest(signed({ exp: NOW + 3_600 })), /does not say when it ends/],
    ['for ever', toRequest(signed({ exp: undefined })), /does not say when it ends/],
    ['until a text', toRequest(signed({ exp: String(NOW + 15) })), /does not say when it ends/],
    ['a provider that is none', toRequest(signed({ provider: null })), /does not say who/],
  ])('%s is refused', (_what, request, reason) => {
    expect(reasonOf(request)).toMatch(reason);
  });

  test('clocks may differ by seconds', () => {
    expect(reasonOf(toRequest(signed({ iat: NOW - 18, exp: NOW - 3 })))).toBe('accepted');
    expect(reasonOf(toRequest(signed({ iat: NOW + 4, exp: NOW + 19 })))).toBe('accepted');
  });

  test('whatever character of a signature is replaced, it is refused', () => {
    const field = signed();
    fc.assert(
      fc.property(fc.nat(field.length - 1), fc.constantFrom(...'AZaz09-_.=+/ é'), (index, character) => {
        fc.pre(field[index] !== character);
        expect(verifier()(toRequest(field.slice(0, index) + character + field.slice(index + 1))).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('keys', () => {
  test('while they are being replaced both count', () => {
    const keys = parseIdentityKeys(`${'n'.repeat(32)}\n${SECRET}\n`);
    for (const secret of ['n'.repeat(32), SECRET])
      expect(reasonOf(toRequest(signed({}, {}, secret)), verifier(keys))).toBe('accepted');
  });

  test.each([
    ['', /neither a secret nor/],
    ['short', /a secret has 5 bytes; it needs 32/],
    [
      String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })),
      /not an Ed25519/,
    ],
    [
      String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
      /neither a secret nor/,
    ],
  ])('%.30j is no key', (text, reason) => {
    expect(() => parseIdentityKeys(text)).toThrow(reason);
  });

  test('a new key in the file counts at once, and one that was taken out no longer', () => {
    const folder = mkdtempSync(join(tmpdir(), 'identity-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'secret');
    writeFileSync(path, SECRET);
    let at = 0;
    const verify = verifier(createIdentityKeyFile(path, () => at));
    const next = 'n'.repeat(32);
    expect(reasonOf(toRequest(signed({}, {}, next)), verify)).toMatch(/not known here/);
    writeFileSync(path, `${next}\n${SECRET}\n`);
    for (const secret of [next, SECRET]) expect(reasonOf(toRequest(signed({}, {}, secret)), verify)).toBe('accepted');
    writeFileSync(path, 'bad');
    at = 2_000;
    expect(reasonOf(toRequest(signed()), verify)).toBe('accepted');
    writeFileSync(path, next);
    at = 4_000;
    expect(reasonOf(toRequest(signed()), verify)).toMatch(/not known here/);
  });
});
