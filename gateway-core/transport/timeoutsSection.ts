// The configuration's `timeouts` section, under defaults, upstreams and routes.

export interface TimeoutsDocument {
  connectMs?: number;
  responseHeaderMs?: number;
  idleMs?: number;
  totalMs?: number;
}

export interface Timeouts {
  /** Until the connection to the upstream stands. */
  readonly connectMs: number;
  /** From the whole request, sent, until the upstream's status line. */
  readonly responseHeaderMs: number;
  /** Between two pieces of the answer's body. */
  readonly idleMs: number;
  /** From the request line to the end of the answer, over all tries; 0 sets no limit (streams of events). */
  readonly totalMs: number;
}

const milliseconds = { type: 'integer', minimum: 1, maximum: 3_600_000 };

export const timeoutsFragment = {
  type: 'object',
  additionalProperties: false,
  description: 'How long the parts of an exchange may take; retry.perTryTimeoutMs limits one try of several',
  properties: {
    connectMs: { ...milliseconds, description: 'Until the connection to the upstream stands' },
    responseHeaderMs: {
      ...milliseconds,
      description: "From the whole request, sent, until the upstream's status line",
    },
    idleMs: { ...milliseconds, description: "Between two pieces of the answer's body" },
    totalMs: {
      type: 'integer',
      minimum: 0,
      maximum: 86_400_000,
      description: 'From the request line to the end of the answer, over all tries; 0 sets no limit',
    },
  },
};

const TIMEOUTS: Timeouts = { connectMs: 2_000, responseHeaderMs: 15_000, idleMs: 30_000, totalMs: 60_000 };

/** The later layer wins, field by field. */
export function resolveTimeouts(...layers: (TimeoutsDocument | undefined)[]): Timeouts {
  return Object.assign({}, TIMEOUTS, ...layers) as Timeouts;
}
