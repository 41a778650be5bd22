// The configuration's `fallback` section of a route: what a caller gets when the upstream cannot answer.
import type { Fault } from '../config/semantics.ts';

const REASONS = ['breaker-open', 'no-healthy-replica', 'unreachable', 'reset', 'timeout', 'saturated', '5xx'] as const;

/** Why the upstream's own answer is missing; said in the answer's x-gatehouse-fallback. */
export type FallbackReason = (typeof REASONS)[number];

export interface FallbackDocument {
  status?: number;
  contentType?: string;
  body?: string;
  file?: string;
  on?: FallbackReason[];
}

export interface FallbackPolicy {
  readonly status: number;
  readonly contentType: string;
  /** The text itself; null when it is in a file. */
  readonly body: string | null;
  /** Relative ones are taken from the folder that the gateway runs in. */
  readonly file: string | null;
  readonly on: readonly FallbackReason[];
}

export const fallbackFragment = {
  type: 'object',
  additionalProperties: false,
  description: 'A fixed answer for when the upstream has none; it carries x-gatehouse-fallback with the reason',
  properties: {
    status: { type: 'integer', minimum: 200, maximum: 599, description: 'The status of the answer; 503' },
    contentType: {
      type: 'string',
      pattern: '^[!-~][ -~]*$',
      maxLength: 256,
      description: 'Its Content-Type; application/json',
    },
    body: { type: 'string', maxLength: 65_536, description: 'The answer itself' },
    file: {
      type: 'string',
      minLength: 1,
      maxLength: 4_096,
      description: 'A file of at most 1 MiB with the answer, read when the configuration is put in force',
    },
    on: {
      type: 'array',
      minItems: 1,
      maxItems: REASONS.length,
      uniqueItems: true,
      description: 'What it stands in for; everything but 5xx when left out',
      items: { enum: REASONS },
    },
  },
};

const FALLBACK: FallbackPolicy = {
  status: 503,
  contentType: 'application/json',
  body: null,
  file: null,
  on: REASONS.filter((reason) => reason !== '5xx'),
};

export function resolveFallback(document: FallbackDocument | undefined): FallbackPolicy | null {
  return document ? { ...FALLBACK, ...document } : null;
}

export function findFallbackFaults(fallback: FallbackDocument | undefined, path: Fault['path']): Fault[] {
  if (!fallback) return [];
  if ((fallback.body === undefined) === (fallback.file === undefined))
    return [{ path, message: 'a fallback is either a body or a file; give exactly one of them' }];
  if (fallback.status === 204 || fallback.status === 205 || fallback.status === 304)
    return [
      { path: [...path, 'status'], message: `${fallback.status} has no body (RFC 9110, 15); use another status` },
    ];
  return [];
}
