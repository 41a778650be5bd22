// The examples of RFC 7520, 8037 and 7797 as the JOSE cookbook gives them.
import { beforeEach, describe, expect, test } from 'vitest';
import { findVectors } from '../test/vectors.ts';
import { algorithmNames } from './algorithms.ts';
import { parseJwks } from './verificationKey.ts';
import { verifyCompactJws } from './verifyToken.ts';

interface Example {
  readonly input: { readonly payload: string; readonly key: Record<string, unknown>; readonly alg: string };
  readonly output: { readonly compact: string };
}

const vectors = findVectors('jose-cookbook');

function verify(path: string, change = (compact: string) => compact) {
  const { input, output } = vectors.read<Example>(path);
  const { d: _private, ...key } = input.key;
  const allowed = algorithmNames.filter((name) => name === input.alg);
  const keys = parseJwks(JSON.stringify({ keys: [key] }), { allowed, secrets: true });
  return { verdict: verifyCompactJws(change(output.compact), keys), payload: input.payload };
}

beforeEach((context) => {
  if (vectors.missing) context.skip(vectors.missing);
});

describe('JOSE cookbook', () => {
  test.each([
    'jws/4_1.rsa_v15_signature.json',
    'jws/4_2.rsa-pss_signature.json',
    'jws/4_3.ecdsa_signature.json',
    'jws/4_4.hmac-sha2_integrity_protection.json',
    'curve25519/jws.json',
  ])('%s is verified, and says what was signed', (path) => {
    const { verdict, payload } = verify(path);
    expect(verdict.ok && verdict.jws.payload.toString('utf8')).toBe(payload);
  });

  test.each(['jws/4_1.rsa_v15_signature.json', 'jws/4_3.ecdsa_signature.json', 'curve25519/jws.json'])(
    '%s is refused with another payload',
    (path) => {
      const { verdict } = verify(path, (compact) =>
        compact.replace(/\.(.)/, (_, first) => `.${first === 'A' ? 'B' : 'A'}`),
      );
      expect(verdict).toMatchObject({ ok: false });
    },
  );

  test('a detached payload is not a token (RFC 7515, appendix F)', () => {
    expect(verify('jws/4_5.signature_with_detached_content.json').verdict).toMatchObject({ ok: false });
  });

  test('an unencoded payload is refused with its crit (RFC 7797)', () => {
    const { verdict } = verify('rfc7797/hmac-sha2_b64_false.json');
    expect(verdict).toMatchObject({ ok: false });
  });
});
