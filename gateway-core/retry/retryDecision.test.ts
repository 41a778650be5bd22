import { describe, expect, test } from 'vitest';
import type { FailureKind } from '../breaker/breaker.ts';
import { findRetryWait, isRetriedFailure, isRetriedStatus, mayRepeat, parseRetryAfter } from './retryDecision.ts';
import { type RetryDocument, type RetryPolicy, resolveRetry } from './retrySection.ts';

function policyOf(document: RetryDocument = {}): RetryPolicy {
  const policy = resolveRetry(document);
  if (!policy) throw new Error('no retry');
  return policy;
}

test('one try is none that is followed by another', () => {
  expect(resolveRetry(undefined, undefined)).toBe(null);
  expect(resolveRetry({ attempts: 3 }, { attempts: 1 })).toBe(null);
  expect(resolveRetry({ attempts: 3 }, { backoffMs: 1 })).toMatchObject({ attempts: 3, backoffMs: 1 });
});

test.each<[method: string, key: boolean, allowed: boolean, repeated: boolean]>([
  ['GET', false, false, true],
  ['HEAD', false, false, true],
  ['PUT', false, false, true],
  ['DELETE', false, false, true],
  ['POST', false, true, false],
  ['POST', true, false, false],
  ['POST', true, true, true],
  ['PATCH', true, true, true],
])('%s with a key: %s, allowed: %s is repeated: %s', (method, key, allowed, repeated) => {
  const headers: [string, string][] = key ? [['Idempotency-Key', 'a']] : [];
  expect(mayRepeat({ method, headers }, policyOf({ idempotencyKey: allowed }))).toBe(repeated);
});

test('a route may narrow the methods', () => {
  expect(mayRepeat({ method: 'PUT', headers: [] }, policyOf({ methods: ['GET'] }))).toBe(false);
});

test('failures and statuses as configured', () => {
  const policy = policyOf({ on: ['connect-failure', 503] });
  const failures: FailureKind[] = ['connection refused', 'name not found', 'connect timeout', 'reset', 'timeout'];
  expect(failures.filter((kind) => isRetriedFailure(kind, policy))).toEqual(failures.slice(0, 3));
  expect([500, 502, 503, 504, 200].filter((status) => isRetriedStatus(status, policy))).toEqual([503]);
});

describe('the wait', () => {
  const ask = (more: Partial<Parameters<typeof findRetryWait>[0]>) =>
    findRetryWait({
      policy: policyOf({ attempts: 5, backoffMs: 100, maxBackoffMs: 300 }),
      attempt: 1,
      retryAfterMs: null,
      remainingMs: Number.POSITIVE_INFINITY,
      random: 1,
      ...more,
    });

  test('doubles up to its bound, with full jitter', () => {
    expect([1, 2, 3, 4].map((attempt) => ask({ attempt }))).toEqual([100, 200, 300, 300]);
    expect(ask({ random: 0 })).toBe(0);
    expect(ask({ random: 0.5 })).toBe(50);
  });

  test('ends with the attempts', () => expect(ask({ attempt: 5 })).toBeUndefined());

  test('honours Retry-After, up to its bound', () => {
    expect(ask({ retryAfterMs: 250 })).toBe(250);
    expect(ask({ retryAfterMs: 301 })).toBeUndefined();
  });

  test('does not go beyond the time of the exchange', () => {
    expect(ask({ remainingMs: 101 })).toBe(100);
    expect(ask({ remainingMs: 100 })).toBeUndefined();
  });
});

test.each<[value: string | undefined, ms: number | null]>([
  [undefined, null],
  ['2', 2_000],
  [' 0 ', 0],
  ['Thu, 01 Jan 1970 00:00:05 GMT', 4_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', null],
  ['-1', null],
])('Retry-After %j is %s ms', (value, ms) => {
  expect(parseRetryAfter(value === undefined ? [] : [['Retry-After', value]], 1_000)).toBe(ms);
});
