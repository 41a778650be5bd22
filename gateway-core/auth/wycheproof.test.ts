// 401 cases of C2SP/wycheproof, which say what a JWS is, not what a JWT is.
import { compactVerify, importJWK, type JWK } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { findVectors } from '../test/vectors.ts';
import { algorithmNames } from './algorithms.ts';
import { type KeySet, parseJwks } from './verificationKey.ts';
import { verifyCompactJws, verifyToken } from './verifyToken.ts';

interface Group {
  readonly comment: string;
  readonly public?: object;
  readonly private: object;
  readonly tests: readonly {
    readonly tcId: number;
    readonly comment: string;
    readonly jws: string;
    readonly result: 'valid' | 'invalid';
  }[];
}

/** Valid by the file, and refused here: key and token name two algorithms (RFC 8725, 3.1), or a part is not base64url. */
const REFUSED_BY_OUR_RULES = [346, 347, 350, 351, 372, 373];
/** Invalid, and yet accepted by decoders that skip what they do not know; jose 6 is one of them. */
const LENIENT_DECODERS_ACCEPT = [360, 365, 368, 375];
/** Called invalid, yet byte for byte case 357, with the same key, which is called valid: the file has lost their padding. */
const SAME_AS_A_VALID_ONE = [367, 370];

const vectors = findVectors('wycheproof');
const groups = vectors.missing ? [] : vectors.read<{ testGroups: Group[] }>('json_web_signature_test.json').testGroups;
const cases = groups.flatMap((group) => group.tests.map((item) => ({ ...item, key: group.public ?? group.private })));

/** null: already the key is refused (of another use, of an algorithm that does not exist). */
function importKey(key: object): KeySet | null {
  try {
    return parseJwks(JSON.stringify({ keys: [key] }), { allowed: algorithmNames, secrets: true });
  } catch {
    return null;
  }
}

const expected = {
  ...{ provider: 'p', issuer: 'i', audiences: null, types: null, clockSkewSeconds: 0 },
  ...{ requiredClaims: [], subjectClaim: 'sub', scopesClaim: null },
};

function isAccepted({ jws, key }: { jws: string; key: object }): boolean {
  const set = importKey(key);
  return set !== null && verifyCompactJws(jws, set).ok;
}

beforeEach((context) => {
  if (vectors.missing) context.skip(vectors.missing);
});

describe('wycheproof JWS', () => {
  test('all 401 cases are there', () => {
    expect(cases).toHaveLength(401);
    expect(cases.filter(({ result }) => result === 'invalid')).toHaveLength(355);
  });

  test.each(cases.filter(({ result, tcId }) => result === 'invalid' && !SAME_AS_A_VALID_ONE.includes(tcId)))(
    '$tcId $comment is refused',
    (item) => {
      expect(isAccepted(item)).toBe(false);
    },
  );

  test.each(cases.filter(({ tcId }) => LENIENT_DECODERS_ACCEPT.includes(tcId)))(
    '$tcId $comment is accepted by jose, and refused here',
    async ({ jws, key, result }) => {
      await expect(compactVerify(jws, await importJWK(key as JWK))).resolves.toBeDefined();
      expect(result).toBe('invalid');
      expect(isAccepted({ jws, key })).toBe(false);
    },
  );

  test.each(cases.filter(({ tcId }) => SAME_AS_A_VALID_ONE.includes(tcId)))(
    '$tcId $comment can only be refused with its twin: as no JWT, and with padding as no base64url',
    (item) => {
      const twin = cases.find(({ tcId }) => tcId === 357);
      expect([item.jws, item.key, twin?.result]).toEqual([twin?.jws, twin?.key, 'valid']);
      const set = importKey(item.key);
      expect(set && verifyToken(item.jws, set, { expected, nowSeconds: 0 })).toMatchObject({ ok: false });
      expect(isAccepted({ ...item, jws: `${item.jws}=` })).toBe(false);
      expect(isAccepted({ ...item, jws: item.jws.replace('.VGVzdA.', '.VGVzdA==.') })).toBe(false);
    },
  );

  test.each(cases.filter(({ result, tcId }) => result === 'valid' && !REFUSED_BY_OUR_RULES.includes(tcId)))(
    '$tcId $comment is accepted',
    (item) => {
      expect(isAccepted(item)).toBe(true);
    },
  );

  test.each(cases.filter(({ tcId }) => REFUSED_BY_OUR_RULES.includes(tcId)))(
    '$tcId $comment is valid to the file and refused by our rules',
    (item) => {
      expect(item.result).toBe('valid');
      expect(isAccepted(item)).toBe(false);
    },
  );

  test('none of them is a JWT, so that none opens a route', () => {
    for (const { jws, key } of cases) {
      const set = importKey(key);
      if (set) expect(verifyToken(jws, set, { expected, nowSeconds: 0 })).toMatchObject({ ok: false });
    }
  });
});
