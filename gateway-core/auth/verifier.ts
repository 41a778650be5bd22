// One provider at work: its keys, the tokens that it found valid, and what it says of another.
import type { MaybePromise } from '../stages/stage.ts';
import type { AuthProvider } from './authSection.ts';
import { findTimeFault } from './claims.ts';
import type { KeySource } from './keySource.ts';
import { createTokenCache, type ValidToken } from './tokenCache.ts';
import { type Refusal, verifyToken } from './verifyToken.ts';

export type Verdict =
  | { readonly kind: 'valid'; readonly token: ValidToken }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The provider's keys cannot be had. */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number }
  /** Said by peek alone, which fetches nothing. The reason ends the sentence "It is not known: …". */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Verifier {
  readonly provider: AuthProvider;
  readonly keys: KeySource;
  /** A promise only when keys have to be fetched. Never rejects. */
  verify(token: string): MaybePromise<Verdict>;
  /** With the keys at hand; changes nothing and asks nobody. */
  peek(token: string): Verdict;
}

interface VerifierOptions {
  readonly provider: AuthProvider;
  readonly keys: KeySource;
  /** Epoch ms. */
  readonly now: () => number;
}

export function createVerifier({ provider, keys, now }: VerifierOptions): Verifier {
  const { expected } = provider;
  const cache = createTokenCache();

  function unavailable(): Verdict {
    return { kind: 'unavailable', retryAfterSeconds: Math.max(1, Math.ceil(keys.status().retryAfterMs / 1_000)) };
  }

  function decide(token: string, set: ReturnType<KeySource['peek']>): Verdict {
    if (!set) return unavailable();
    const nowSeconds = now() / 1_000;
    const known = cache.find(token, set);
    if (known) {
      const refusal = findTimeFault(known.lifetime, nowSeconds);
      return refusal ? { kind: 'refused', refusal } : { kind: 'valid', token: known };
    }
    const verdict = verifyToken(token, set, { expected, nowSeconds });
    if (!verdict.ok) return { kind: 'refused', refusal: verdict.refusal };
    cache.keep(token, set, verdict.token);
    return { kind: 'valid', token: verdict.token };
  }

  /** A second look with newer keys, if there are any. */
  function decideAgain(token: string, set: ReturnType<KeySource['peek']>): MaybePromise<Verdict> {
    const verdict = decide(token, set);
    if (!set || verdict.kind !== 'refused' || !verdict.refusal.otherKey) return verdict;
    const newer = keys.renew(set);
    if (newer instanceof Promise) return newer.then((later) => (later ? decide(token, later) : verdict));
    return newer ? decide(token, newer) : verdict;
  }

  return {
    provider,
    keys,
    verify(token) {
      const set = keys.current();
      return set instanceof Promise ? set.then((later) => decideAgain(token, later)) : decideAgain(token, set);
    },
    peek(token) {
      const set = keys.peek();
      if (!set) {
        const { failure } = keys.status();
        const why = failure === null ? 'have not been fetched yet' : `could not be fetched: ${failure}`;
        return { kind: 'unknown', reason: `the keys of ${provider.name} ${why}` };
      }
      const verdict = verifyToken(token, set, { expected, nowSeconds: now() / 1_000 });
      return verdict.ok ? { kind: 'valid', token: verdict.token } : { kind: 'refused', refusal: verdict.refusal };
    },
  };
}
