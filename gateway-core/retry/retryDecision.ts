// Whether a try that failed is followed by another one: pure, the transport carries it out.
import type { FailureKind } from '../breaker/breaker.ts';
import { findSingle, type HeaderList, hasHeader } from '../headers/headerList.ts';
import type { RetryCondition, RetryPolicy } from './retrySection.ts';

const CONDITION_OF: Readonly<Record<string, RetryCondition | undefined>> = {
  'connection refused': 'connect-failure',
  'name not found': 'connect-failure',
  'connect timeout': 'connect-failure',
  timeout: 'timeout',
  reset: 'reset',
  'invalid answer': 'invalid-answer',
} satisfies Partial<Record<FailureKind, RetryCondition>>;

interface RequestQuestion {
  readonly method: string;
  readonly headers: HeaderList;
}

/** RFC 9110, 9.2.2: what is done twice must be as good as once, by its method or by the caller's own key. */
export function mayRepeat({ method, headers }: RequestQuestion, policy: RetryPolicy): boolean {
  return policy.methods.includes(method) || (policy.idempotencyKey && hasHeader(headers, 'idempotency-key'));
}

export function isRetriedFailure(failure: FailureKind, policy: RetryPolicy): boolean {
  const condition = CONDITION_OF[failure];
  return condition !== undefined && policy.on.includes(condition);
}

export function isRetriedStatus(status: number, policy: RetryPolicy): boolean {
  return policy.on.includes(status as RetryCondition);
}

interface WaitQuestion {
  readonly policy: RetryPolicy;
  /** Of the try that failed, from 1. */
  readonly attempt: number;
  /** From the answer that is not passed on; null when there is none. */
  readonly retryAfterMs: number | null;
  /** What is left of the exchange's time; Infinity when it has no limit. */
  readonly remainingMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/**
 * Ms to wait before the next try, with full jitter; undefined when there must be none: the upstream asks for more
 * patience than the policy has, or the exchange would be over before.
 */
export function findRetryWait({
  policy,
  attempt,
  retryAfterMs,
  remainingMs,
  random,
}: WaitQuestion): number | undefined {
  if (attempt >= policy.attempts) return undefined;
  if (retryAfterMs !== null && retryAfterMs > policy.maxBackoffMs) return undefined;
  const most = Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** (attempt - 1));
  const waitMs = Math.max(random * most, retryAfterMs ?? 0);
  return waitMs < remainingMs ? waitMs : undefined;
}

/** RFC 9110, 10.2.3: whole seconds or a date. null when there is none, or none that can be read. */
export function parseRetryAfter(headers: HeaderList, now: number): number | null {
  const value = findSingle(headers, 'retry-after')?.trim();
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // Date.parse reads nearly anything; an HTTP-date ends in GMT.
  const at = value.endsWith(' GMT') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
