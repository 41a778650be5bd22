import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCE, createIssuer, encode, forge, ISSUER, type TestIssuer, toClaims } from '../test/tokens.ts';
import { algorithmNames } from './algorithms.ts';
import type { ClaimExpectations } from './claims.ts';
import { type KeySet, parseJwks, parsePublicKeys, parseSecrets } from './verificationKey.ts';
import { verifyToken } from './verifyToken.ts';

const expected: ClaimExpectations = {
  provider: 'login',
  issuer: ISSUER,
  audiences: [AUDIENCE],
  types: null,
  clockSkewSeconds: 30,
  requiredClaims: [],
  subjectClaim: 'sub',
  scopesClaim: null,
};

const now = () => Date.now() / 1_000;
const toSet = (...issuers: TestIssuer[]) =>
  parseJwks(JSON.stringify({ keys: issuers.map(({ jwk }) => jwk) }), { allowed: algorithmNames, secrets: true });
const verify = (token: string, keys: KeySet, expectations = expected) =>
  verifyToken(token, keys, { expected: expectations, nowSeconds: now() });
const reasonFor = (token: string, keys: KeySet, expectations = expected) => {
  const verdict = verify(token, keys, expectations);
  return verdict.ok ? 'accepted' : verdict.refusal.reason;
};

let rsa: TestIssuer;
let other: TestIssuer;
let hmac: TestIssuer;
let keys: KeySet;
beforeAll(async () => {
  [rsa, other, hmac] = await Promise.all([
    createIssuer('RS256', 'rsa'),
    createIssuer('RS256', 'rsa'),
    createIssuer('HS256', 'hmac'),
  ]);
  keys = toSet(rsa);
});

const seconds = (offset: number) => Math.floor(now()) + offset;

test.each(algorithmNames)('what jose signs with %s is taken, with who it speaks of', async (algorithm) => {
  const issuer = await createIssuer(algorithm);
  const token = await issuer.sign({ scope: 'read orders:write' });
  expect(verify(token, toSet(issuer))).toMatchObject({
    ok: true,
    token: {
      identity: { provider: 'login', subject: 'user-1', scopes: ['read', 'orders:write'] },
      claims: { aud: AUDIENCE },
    },
  });
});

describe('attacks on the signature', () => {
  /** Each with the reason that operators read; a token that is `accepted` opens a route. */
  const attacks: [what: string, token: () => string | Promise<string>, reason: RegExp][] = [
    ['no signature, alg none', () => `${encode({ alg: 'none' })}.${encode(toClaims())}.`, /"none" is never taken/],
    ['alg None in another case', () => `${encode({ alg: 'NoNe' })}.${encode(toClaims())}.AA`, /"NoNe" is never taken/],
    ['no alg at all', () => forge({}, toClaims(), 'x'), /\(none\) is never taken/],
    ['an alg that objects inherit', () => forge({ alg: 'toString' }, toClaims(), 'x'), /"toString" is never/],
    ['alg as a list', () => forge({ alg: ['RS256'] }, toClaims(), 'x'), /is never taken/],
    [
      'RS256 to HS256 with the public key in PEM as the secret',
      () => {
        const pem = createPublicKey({ format: 'jwk', key: { ...rsa.jwk } }).export({ type: 'spki', format: 'pem' });
        return forge({ alg: 'HS256', kid: 'rsa' }, toClaims(), String(pem));
      },
      /algorithm HS256 is not the one of the key/,
    ],
    [
      'RS256 to HS256 with the public JWK as the secret',
      () => forge({ alg: 'HS256' }, toClaims(), JSON.stringify(rsa.jwk)),
      /HS256 is not the one of the key/,
    ],
    [
      'PS256 by the right key, which is bound to RS256',
      async () => (await signWith('PS256')).token,
      /PS256 is not the one of the key/,
    ],
    ['another key of the same name', () => other.sign(), /signature is wrong/],
    [
      'a key of its own in jwk',
      () => other.sign({}, { jwk: { ...other.jwk, kid: 'rsa' } }),
      /header has "jwk", which is never taken/,
    ],
    ['a key at jku', () => other.sign({}, { jku: 'https://evil.example/jwks' }), /"jku"/],
    ['a chain at x5u', () => other.sign({}, { x5u: 'https://evil.example/x' }), /"x5u"/],
    ['a chain in x5c', () => other.sign({}, { x5c: ['MIIB'] }), /"x5c"/],
    ['an unknown crit', () => forgeRsa({ crit: ['exp'], exp: 1 }), /"crit"/],
    ['an empty crit', () => forgeRsa({ crit: [] }), /"crit"/],
    ['an unencoded payload', () => forgeRsa({ b64: false }), /"b64"/],
    ['a compressed payload', () => forgeRsa({ zip: 'DEF' }), /"zip"/],
    ['kid as a path', () => forgeRsa({ kid: '../../../../dev/null' }), /no key is called "..\/..\/..\/..\/dev\/null"/],
    ['kid as SQL', () => forgeRsa({ kid: "x' UNION SELECT 'secret" }), /no key is called "x' UNION/],
    ['kid as a command', () => forgeRsa({ kid: 'rsa|/bin/id' }), /no key is called/],
    ['kid from the prototype', () => forgeRsa({ kid: '__proto__' }), /no key is called/],
    ['kid with line breaks and bidi marks', () => forgeRsa({ kid: 'a\n\u202Eb' }), /^no key is called "a\\n\\u202eb"$/],
    ['kid as a number', () => forgeRsa({ kid: 1 }), /"kid" is not a text/],
    ['kid of 300 characters', () => forgeRsa({ kid: 'k'.repeat(300) }), /"kid" is not a text/],
    ['an empty kid', () => forgeRsa({ kid: '' }), /"kid" is not a text/],
    [
      'the header twice, in one object',
      () => forgeText('{"alg":"none","alg":"RS256","kid":"rsa"}', JSON.stringify(toClaims())),
      /header is not a JSON object with each name once/,
    ],
    ['an encrypted token', () => 'a.b.c.d.e', /three parts/],
    ['two parts', () => 'eyJhbGciOiJSUzI1NiJ9.e30', /three parts/],
    ['nothing', () => '', /three parts/],
    ['dots alone', () => '..', /header is not/],
    ['a JSON serialisation', () => JSON.stringify({ payload: '', signatures: [] }), /three parts/],
    ['10,000 characters', () => `a.${'b'.repeat(10_000)}.c`, /it has 1000\d characters; 8192 are taken/],
    ['padding', async () => `${await rsa.sign()}==`, /strict base64url/],
    ['a trailing line break', async () => `${await rsa.sign()}\n`, /strict base64url/],
    ['a leading space', async () => ` ${await rsa.sign()}`, /strict base64url/],
    ['spaces before a part', async () => (await rsa.sign()).replace('.', '. '), /strict base64url/],
    ['base64 in place of base64url', async () => toBase64(await rsa.sign()), /strict base64url/],
    ['text that is not ASCII', async () => `${await rsa.sign()}\u00e9`, /strict base64url/],
    [
      'a header that is not UTF-8',
      () => `${Buffer.from('{"\xff":1}', 'latin1').toString('base64url')}.e30.AA`,
      /header/,
    ],
    ['a header with a byte order mark', () => `${encode('\ufeff{"alg":"RS256"}')}.e30.AA`, /header/],
    ['a header that is a list', () => `${encode([])}.e30.AA`, /header is not a JSON object/],
  ];

  test.each(attacks)('%s', async (_what, token, reason) => {
    const text = await token();
    expect(reasonFor(text, keys)).toMatch(reason);
  });

  test('an HMAC key is not used for a token that calls itself RS256', async () => {
    expect(reasonFor(await rsa.sign({}, { kid: 'hmac' }), toSet(hmac))).toMatch(/RS256 is not the one of the key/);
  });

  test('a signature of ECDSA is not read as DER', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
    const input = `${encode({ alg: 'ES256' })}.${encode(toClaims())}`;
    const toToken = (dsaEncoding: 'der' | 'ieee-p1363') =>
      `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding }).toString('base64url')}`;
    expect(reasonFor(toToken('ieee-p1363'), parsePublicKeys(pem, ['ES256']))).toBe('accepted');
    expect(reasonFor(toToken('der'), parsePublicKeys(pem, ['ES256']))).toMatch(/signature is wrong/);
  });

  test('a blank signature of ECDSA is refused (CVE-2022-21449)', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
    const blank = `${encode({ alg: 'ES256' })}.${encode(toClaims())}.${Buffer.alloc(64).toString('base64url')}`;
    expect(reasonFor(blank, parsePublicKeys(pem, ['ES256']))).toMatch(/signature is wrong/);
  });

  test('a token without a kid is tried with at most four keys', async () => {
    const issuers = await Promise.all([1, 2, 3, 4, 5].map((id) => createIssuer('ES256', `k${id}`)));
    const [first, , , fourth] = issuers;
    const token = (await fourth?.sign({}, { kid: undefined })) ?? '';
    expect(reasonFor(token, toSet(...issuers.slice(0, 4)))).toBe('accepted');
    expect(reasonFor(token, toSet(...issuers))).toMatch(/it names no key, and 5 could have signed it/);
    expect(first).toBeDefined();
  });

  test('a secret that is being replaced is still taken, and one that was not there is not', () => {
    const secrets = parseSecrets(`${'n'.repeat(32)}\n${'o'.repeat(32)}\r\n`, ['HS256']);
    const tokens = ['n', 'o', 'x'].map((letter) => forge({ alg: 'HS256' }, toClaims(), letter.repeat(32)));
    expect(tokens.map((token) => reasonFor(token, secrets))).toEqual([
      'accepted',
      'accepted',
      'its signature is wrong',
    ]);
  });

  function forgeRsa(header: object): string {
    return forgeText(JSON.stringify({ alg: 'RS256', kid: 'rsa', ...header }), JSON.stringify(toClaims()));
  }
});

/** Signed for real, so that nothing but what the text says can be wrong with it. */
function forgeText(header: string, payload: string): string {
  const input = `${encode(header)}.${encode(payload)}`;
  const signature = sign('sha256', Buffer.from(input), createPrivate(rsa));
  return `${input}.${signature.toString('base64url')}`;
}

function createPrivate({ privateKey }: TestIssuer) {
  if (privateKey instanceof Uint8Array) throw new Error('not a key pair');
  return privateKey;
}

async function signWith(algorithm: string): Promise<{ token: string }> {
  const { SignJWT } = await import('jose');
  const token = await new SignJWT(toClaims()).setProtectedHeader({ alg: algorithm, kid: 'rsa' }).sign(rsa.privateKey);
  return { token };
}

function toBase64(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  // 256 bytes end with padding.
  return [header, payload, Buffer.from(signature, 'base64url').toString('base64')].join('.');
}

describe('claims', () => {
  const cases: [what: string, claims: Record<string, unknown>, outcome: RegExp][] = [
    ['expired', { exp: seconds(-31) }, /^it expired \d+ s ago/],
    ['expired within the skew', { exp: seconds(-25) }, /^accepted$/],
    ['no exp', { exp: undefined }, /"exp" is not a time/],
    ['exp as a text', { exp: String(seconds(300)) }, /"exp" is not a time/],
    ['exp as null', { exp: null }, /"exp" is not a time/],
    ['not yet valid', { nbf: seconds(40) }, /^it is valid in \d+ s/],
    ['not yet valid, within the skew', { nbf: seconds(25) }, /^accepted$/],
    ['nbf as a text', { nbf: '0' }, /"nbf" is not a time/],
    ['issued in the future', { iat: seconds(40) }, /^it is valid in \d+ s/],
    ['iat as an object', { iat: {} }, /"iat" is not a time/],
    ['a fraction of a second', { exp: seconds(300) + 0.5 }, /^accepted$/],
    ['another issuer', { iss: 'https://evil.example' }, /issuer "https:\/\/evil.example" is not/],
    ['the issuer with a slash', { iss: `${ISSUER}/` }, /is not "https:\/\/login.example"/],
    ['the issuer in a list', { iss: [ISSUER] }, /its issuer \["https/],
    ['no issuer', { iss: undefined }, /its issuer \(none\)/],
    ['another audience', { aud: 'bank' }, /its audience "bank"/],
    ['several audiences, one of them ours', { aud: ['bank', AUDIENCE] }, /^accepted$/],
    ['several audiences, none of them ours', { aud: ['bank', 'shopping'] }, /its audience/],
    ['an empty list of audiences', { aud: [] }, /its audience/],
    ['an audience within an object', { aud: { [AUDIENCE]: true } }, /"aud" is neither/],
    ['an audience in a list of lists', { aud: [[AUDIENCE]] }, /"aud" is neither/],
    ['no audience', { aud: undefined }, /its audience \(none\)/],
    ['no subject', { sub: undefined }, /its "sub" is not a text/],
    ['an empty subject', { sub: '' }, /its "sub" is not a text/],
    ['a subject with a line break', { sub: 'a\r\nx-admin: 1' }, /its "sub" is not a text/],
    ['a subject of 300 characters', { sub: 's'.repeat(300) }, /its "sub" is not a text/],
    ['a subject that is an object', { sub: { id: 1 } }, /its "sub" is not a text/],
    ['a subject with half a character', { sub: '\ud800' }, /its "sub" is not a text/],
    ['a subject in any script', { sub: 'محمد 王' }, /^accepted$/],
    ['scopes as a number', { scope: 1 }, /its scopes are neither/],
  ];
  test.each(cases)('%s', async (_what, claims, outcome) => {
    expect(reasonFor(await rsa.sign(claims), keys)).toMatch(outcome);
  });

  test('an expired token has a code of its own', async () => {
    const verdict = verify(await rsa.sign({ exp: seconds(-60) }), keys);
    expect(verdict).toMatchObject({ ok: false, refusal: { code: 'token-expired' } });
  });

  test.each<[payload: string]>([
    [JSON.stringify(toClaims()).replace('{', '{"sub":"admin",')],
    [JSON.stringify(toClaims()).replace('{', '{"\\u0073ub":"admin",')],
    ['"text"'],
    ['[]'],
    ['null'],
    ['{'],
    [''],
  ])('a payload of %s is no JWT', (payload) => {
    const token = forgeText(JSON.stringify({ alg: 'RS256', kid: 'rsa' }), payload);
    expect(reasonFor(token, keys)).toMatch(/its payload is not a JSON object with each name once/);
  });

  test('without configured audiences a token for somebody is refused, and one for nobody is taken (RFC 7519, 4.1.3)', async () => {
    const nobody = { ...expected, audiences: null };
    expect(reasonFor(await rsa.sign(), keys, nobody)).toMatch(/its audience "shop"/);
    expect(reasonFor(await rsa.sign({ aud: undefined }), keys, nobody)).toBe('accepted');
  });

  test.each<[type: string | undefined, outcome: RegExp]>([
    [undefined, /^accepted$/],
    ['JWT', /^accepted$/],
    ['at+jwt', /^accepted$/],
    ['application/AT+JWT', /^accepted$/],
    ['dpop+jwt', /its type "dpop\+jwt" is not taken/],
    ['logout+jwt', /is not taken/],
  ])('a token of type %s', async (typ, outcome) => {
    expect(reasonFor(await rsa.sign({}, { typ }), keys)).toMatch(outcome);
  });

  test('with configured types a token must say its own', async () => {
    const strict = { ...expected, types: ['at+jwt'] };
    expect(reasonFor(await rsa.sign({}, { typ: 'at+jwt' }), keys, strict)).toBe('accepted');
    expect(reasonFor(await rsa.sign({}, { typ: 'JWT' }), keys, strict)).toMatch(/type "JWT"/);
    expect(reasonFor(await rsa.sign(), keys, strict)).toMatch(/does not say its type/);
  });

  test('subject and scopes are found where the provider puts them', async () => {
    const elsewhere = { ...expected, subjectClaim: 'user_id', scopesClaim: ['realm_access', 'roles'] };
    const token = await rsa.sign({ sub: undefined, user_id: 42, realm_access: { roles: ['admin', 'a b', 7] } });
    expect(verify(token, keys, elsewhere)).toMatchObject({
      token: { identity: { subject: '42', scopes: ['admin'] } },
    });
  });

  test('a claim that is asked for must be there', async () => {
    const asked = { ...expected, requiredClaims: ['jti', 'constructor'] };
    expect(reasonFor(await rsa.sign({ jti: '1' }), keys, asked)).toBe('it has no claim "constructor"');
  });
});

test('whatever character of a token is replaced, the token is refused', async () => {
  const issuers = await Promise.all(['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA'].map((name) => createIssuer(name)));
  const tokens = await Promise.all(issuers.map((issuer) => issuer.sign({ scope: 'read' })));
  const sets = issuers.map((issuer) => toSet(issuer));
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n~é';
  fc.assert(
    fc.property(fc.nat(issuers.length - 1), fc.nat(), fc.constantFrom(...alphabet), (which, at, character) => {
      const token = tokens[which] ?? '';
      const index = at % token.length;
      fc.pre(token[index] !== character);
      const set = sets[which];
      expect(set && verify(token.slice(0, index) + character + token.slice(index + 1), set).ok).toBe(false);
    }),
    { numRuns: 1_500 },
  );
});

test('whatever bit of a token is flipped, before or after encoding, the token is refused', async () => {
  const token = await rsa.sign();
  const parts = token.split('.');
  fc.assert(
    fc.property(fc.nat(2), fc.nat(), fc.nat(7), (which, at, bit) => {
      const bytes = Buffer.from(parts[which] ?? '', 'base64url');
      const index = at % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      const changed = parts.with(which, bytes.toString('base64url')).join('.');
      expect(verify(changed, keys).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('no text makes it throw', () => {
  const part = fc.oneof(fc.string(), fc.json().map(encode), fc.base64String());
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (texts) => {
      expect(verify(texts.join('.'), keys).ok).toBe(false);
    }),
  );
});
