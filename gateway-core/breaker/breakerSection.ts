// The configuration's `breaker` section: what may be written under defaults and upstreams, and what it means when left out.
import type { Fault } from '../config/semantics.ts';

export interface BreakerDocument {
  windowMs?: number;
  minimumRequests?: number;
  failureShare?: number;
  consecutiveConnectFailures?: number;
  slowMs?: number;
  slowShare?: number;
  openMs?: number;
  openMultiplier?: number;
  maximumOpenMs?: number;
  openJitterShare?: number;
  stableMs?: number;
  halfOpenTrials?: number;
}

/** Of an upstream and of each of its replicas alike. */
export interface BreakerThresholds {
  readonly windowMs: number;
  /** Neither share below counts for fewer. */
  readonly minimumRequests: number;
  /** Above 0, at most 1. */
  readonly failureShare: number;
  readonly consecutiveConnectFailures: number;
  /** An answer whose header takes as long is slow; 0 calls none slow. */
  readonly slowMs: number;
  /** Above 0, at most 1. */
  readonly slowShare: number;
  /** The first opening; each further one in a row is openMultiplier times as long, up to maximumOpenMs. */
  readonly openMs: number;
  readonly openMultiplier: number;
  readonly maximumOpenMs: number;
  /** Up to this share is added at random, so that the gateways of one upstream do not all try it at once. */
  readonly openJitterShare: number;
  /** Closed for as long, the next opening is a first one again. */
  readonly stableMs: number;
  readonly halfOpenTrials: number;
}

const share = { type: 'number', exclusiveMinimum: 0, maximum: 1 };

export const breakerFragment = {
  type: 'object',
  additionalProperties: false,
  description: 'When an upstream, or one replica of it, gets no requests for a while',
  properties: {
    windowMs: { type: 'integer', minimum: 100, maximum: 600_000, description: 'How far back requests are counted' },
    minimumRequests: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      description: 'Requests in the window below which no share opens it',
    },
    failureShare: { ...share, description: 'Share of failed requests in the window that opens it' },
    consecutiveConnectFailures: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      description: 'Connects that fail in a row open it, whatever the volume',
    },
    slowMs: {
      type: 'integer',
      minimum: 0,
      maximum: 3_600_000,
      description: 'An answer whose header takes as long is slow; 0 calls none slow',
    },
    slowShare: { ...share, description: 'Share of slow answers in the window that opens it' },
    openMs: { type: 'integer', minimum: 10, maximum: 3_600_000, description: 'How long it is open the first time' },
    openMultiplier: {
      type: 'number',
      minimum: 1,
      maximum: 10,
      description: 'Each further opening in a row is as many times as long as the one before',
    },
    maximumOpenMs: {
      type: 'integer',
      minimum: 10,
      maximum: 86_400_000,
      description: 'The longest opening; six times openMs when left out',
    },
    openJitterShare: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: 'Up to this share of the time is added at random',
    },
    stableMs: {
      type: 'integer',
      minimum: 0,
      maximum: 86_400_000,
      description: 'Closed for as long, the next opening is a first one again',
    },
    halfOpenTrials: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description: 'Requests that may try it after an opening; all of them must be answered to close it',
    },
  },
};

const BREAKER: Omit<BreakerThresholds, 'maximumOpenMs'> = {
  windowMs: 10_000,
  minimumRequests: 10,
  failureShare: 0.4,
  consecutiveConnectFailures: 5,
  slowMs: 0,
  slowShare: 0.5,
  openMs: 10_000,
  openMultiplier: 2,
  openJitterShare: 0.1,
  stableMs: 60_000,
  halfOpenTrials: 2,
};
const LONGEST_IN_FIRSTS = 6;

/** The later layer wins, field by field. */
export function resolveBreaker(...layers: (BreakerDocument | undefined)[]): BreakerThresholds {
  const merged = Object.assign({}, BREAKER, ...layers) as typeof BREAKER & BreakerDocument;
  return { ...merged, maximumOpenMs: merged.maximumOpenMs ?? merged.openMs * LONGEST_IN_FIRSTS };
}

export function findBreakerFaults(breaker: BreakerDocument | undefined, path: Fault['path']): Fault[] {
  const { openMs = BREAKER.openMs, maximumOpenMs } = breaker ?? {};
  if (maximumOpenMs === undefined || maximumOpenMs >= openMs) return [];
  const message = `maximumOpenMs ${maximumOpenMs} is below openMs ${openMs}; raise it or leave it out`;
  return [{ path: [...path, 'maximumOpenMs'], message }];
}
