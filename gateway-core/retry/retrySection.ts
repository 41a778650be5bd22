// The configuration's `retry` section of a route (or of all, under defaults) and the `retryBudget` of an upstream.
import type { Fault } from '../config/semantics.ts';

const CONDITIONS = ['connect-failure', 'reset', 'timeout', 'invalid-answer', 429, 500, 502, 503, 504] as const;

/** What may be tried again: a failure to answer, or an answer with this status. */
export type RetryCondition = (typeof CONDITIONS)[number];

export interface RetryDocument {
  attempts?: number;
  perTryTimeoutMs?: number;
  on?: RetryCondition[];
  methods?: string[];
  idempotencyKey?: boolean;
  backoffMs?: number;
  maxBackoffMs?: number;
  bufferBytes?: number;
}

export interface RetryBudgetDocument {
  share?: number;
  floorPerSecond?: number;
}

export interface RetryPolicy {
  /** The first try counted. */
  readonly attempts: number;
  /** From a try's beginning until its status line; 0 sets no limit. */
  readonly perTryTimeoutMs: number;
  readonly on: readonly RetryCondition[];
  /** Idempotent ones only (RFC 9110, 9.2.2). */
  readonly methods: readonly string[];
  /** Whether any method may be tried again when the request carries an Idempotency-Key. */
  readonly idempotencyKey: boolean;
  /** The nth wait is a random time up to backoffMs × 2^(n-1), at most maxBackoffMs. */
  readonly backoffMs: number;
  /** An upstream whose Retry-After asks for more is not tried again. */
  readonly maxBackoffMs: number;
  /** A request with more body than this is not tried again once more than this was sent. */
  readonly bufferBytes: number;
}

export interface RetryBudgetPolicy {
  /** Of the upstream's requests in the last ten seconds. */
  readonly share: number;
  readonly floorPerSecond: number;
}

const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];

export const retryFragment = {
  type: 'object',
  additionalProperties: false,
  description: 'Tries a request again, on another replica first, before the caller has heard anything of an answer',
  properties: {
    attempts: { type: 'integer', minimum: 1, maximum: 10, description: 'The most tries, the first one counted' },
    perTryTimeoutMs: {
      type: 'integer',
      minimum: 0,
      maximum: 3_600_000,
      description: 'From the beginning of a try until its status line; 0 sets no limit',
    },
    on: {
      type: 'array',
      maxItems: CONDITIONS.length,
      description: 'What is tried again: a failure to answer, or an answer with this status',
      items: { enum: CONDITIONS },
    },
    methods: {
      type: 'array',
      minItems: 1,
      maxItems: IDEMPOTENT.length,
      description: 'Which of the idempotent methods are tried again',
      items: { type: 'string' },
    },
    idempotencyKey: {
      type: 'boolean',
      description: 'Whether a request of any method is tried again when it carries an Idempotency-Key',
    },
    backoffMs: {
      type: 'integer',
      minimum: 0,
      maximum: 60_000,
      description: 'The first wait is a random time up to this, each further one up to twice as much',
    },
    maxBackoffMs: {
      type: 'integer',
      minimum: 0,
      maximum: 60_000,
      description: 'The longest wait; an upstream whose Retry-After asks for more is not tried again',
    },
    bufferBytes: {
      type: 'integer',
      minimum: 0,
      maximum: 16_777_216,
      description: 'How much of a body is kept for another try; a longer one is not tried again',
    },
  },
};

export const retryBudgetFragment = {
  type: 'object',
  additionalProperties: false,
  description: 'The most tries beyond the first ones, over all requests of an upstream',
  properties: {
    share: { type: 'number', minimum: 0, maximum: 1, description: 'Of the requests of the last ten seconds' },
    floorPerSecond: {
      type: 'number',
      minimum: 0,
      maximum: 1000,
      description: 'So many each second whatever the traffic',
    },
  },
};

const RETRY: RetryPolicy = {
  attempts: 2,
  perTryTimeoutMs: 0,
  on: ['connect-failure', 'reset', 'timeout', 502, 503, 504],
  methods: IDEMPOTENT,
  idempotencyKey: false,
  backoffMs: 25,
  maxBackoffMs: 1_000,
  bufferBytes: 65_536,
};
const BUDGET: RetryBudgetPolicy = { share: 0.2, floorPerSecond: 3 };

/** The later layer wins, field by field; null when none asks for a second try. */
export function resolveRetry(...layers: (RetryDocument | undefined)[]): RetryPolicy | null {
  if (layers.every((layer) => layer === undefined)) return null;
  const merged = Object.assign({}, RETRY, ...layers) as RetryPolicy;
  return merged.attempts > 1 || merged.perTryTimeoutMs > 0 ? merged : null;
}

export function resolveRetryBudget(...layers: (RetryBudgetDocument | undefined)[]): RetryBudgetPolicy {
  return Object.assign({}, BUDGET, ...layers) as RetryBudgetPolicy;
}

export function findRetryFaults(retry: RetryDocument | undefined, path: Fault['path']): Fault[] {
  return (retry?.methods ?? []).flatMap((method, index): Fault[] => {
    if (IDEMPOTENT.includes(method)) return [];
    const message = `"${method}" is not idempotent (${IDEMPOTENT.join(', ')} are), so a second try could do it twice; set idempotencyKey: true to try again what carries an Idempotency-Key`;
    return [{ path: [...path, 'methods', index], message }];
  });
}
