// The configuration's `healthCheck` (active) and `outlier` (passive) sections, which follow Envoy's semantics.
import type { Fault } from '../config/semantics.ts';

export interface HealthCheckDocument {
  path?: string;
  intervalMs?: number;
  jitterShare?: number;
  timeoutMs?: number;
  healthyThreshold?: number;
  unhealthyThreshold?: number;
  statuses?: (number | string)[];
}

export interface OutlierDocument {
  consecutive5xx?: number;
  consecutiveGatewayErrors?: number;
  intervalMs?: number;
  baseEjectionMs?: number;
  maximumEjectionMs?: number;
  maximumEjectedShare?: number;
  successRateMinimumReplicas?: number;
  successRateMinimumRequests?: number;
  successRateDeviations?: number;
}

export interface HealthCheckPolicy {
  readonly path: string;
  readonly intervalMs: number;
  /** Up to this share is added to each interval at random. */
  readonly jitterShare: number;
  readonly timeoutMs: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** `200` or `2xx`. */
  readonly statuses: readonly string[];
}

export interface OutlierPolicy {
  /** In a row, of any kind of 5xx or failure to answer; 0 switches it off. */
  readonly consecutive5xx: number;
  /** In a row, of 502, 503, 504 or failure to answer; 0 switches it off. */
  readonly consecutiveGatewayErrors: number;
  /** How often success rates are compared and old ejections are forgotten. */
  readonly intervalMs: number;
  /** Times the ejections of the replica so far. */
  readonly baseEjectionMs: number;
  readonly maximumEjectionMs: number;
  /** Of all replicas; one may always be ejected. */
  readonly maximumEjectedShare: number;
  /** 0 switches the comparison of success rates off. */
  readonly successRateMinimumReplicas: number;
  readonly successRateMinimumRequests: number;
  /** Standard deviations below the mean from which a success rate is an outlier. */
  readonly successRateDeviations: number;
}

const share = { type: 'number', minimum: 0, maximum: 1 };
const milliseconds = { type: 'integer', minimum: 10, maximum: 3_600_000 };
const count = { type: 'integer', minimum: 0, maximum: 1_000_000 };
const threshold = { type: 'integer', minimum: 1, maximum: 1000 };

export const healthCheckFragment = {
  type: 'object',
  additionalProperties: false,
  description: 'Asks every replica by itself whether it is well',
  properties: {
    path: { type: 'string', pattern: '^/[!-~]*$', maxLength: 1024, description: 'What is asked for with GET' },
    intervalMs: { ...milliseconds, description: 'Between the end of one check and the next' },
    jitterShare: { ...share, description: 'Up to this share of the interval is added at random' },
    timeoutMs: { ...milliseconds, description: 'Until the whole answer; connecting included' },
    healthyThreshold: { ...threshold, description: 'Passed checks in a row that make an unhealthy replica healthy' },
    unhealthyThreshold: {
      ...threshold,
      description:
        'Checks without an answer in a row that make a healthy replica unhealthy; a wrong status does it at once',
    },
    statuses: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      description: 'Statuses of a healthy replica: numbers, or 2xx for a class',
      items: {
        oneOf: [
          { type: 'integer', minimum: 200, maximum: 599 },
          { type: 'string', pattern: '^[2-5]xx$' },
        ],
      },
    },
  },
};

export const outlierFragment = {
  type: 'object',
  additionalProperties: false,
  description: 'Takes replicas that fail requests out for a while',
  properties: {
    consecutive5xx: { ...count, description: 'Failures and 5xx in a row that eject a replica; 0 for never' },
    consecutiveGatewayErrors: {
      ...count,
      description: 'Failures, 502, 503 and 504 in a row that eject a replica; 0 for never',
    },
    intervalMs: { ...milliseconds, description: 'How often success rates are compared and ejections are forgotten' },
    baseEjectionMs: { ...milliseconds, description: 'The first ejection; the nth in a row is n times as long' },
    maximumEjectionMs: { ...milliseconds, description: 'The longest ejection' },
    maximumEjectedShare: {
      ...share,
      description: 'Largest share of the replicas that is ejected at a time; one may always be',
    },
    successRateMinimumReplicas: {
      ...count,
      description: 'Replicas with enough requests below which success rates are not compared; 0 for never',
    },
    successRateMinimumRequests: {
      ...count,
      minimum: 1,
      description: 'Requests in an interval from which a replica takes part in the comparison',
    },
    successRateDeviations: {
      type: 'number',
      minimum: 0,
      maximum: 10,
      description: 'Standard deviations below the mean that eject a replica',
    },
  },
};

const HEALTH_CHECK: HealthCheckPolicy = {
  path: '/health',
  intervalMs: 5_000,
  jitterShare: 0.1,
  timeoutMs: 1_000,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  statuses: ['2xx'],
};

/**
 * Envoy's defaults, but that one replica may always be ejected (Envoy: always_eject_one_host), since a tenth of three
 * is none, and that gateway errors are not counted apart (Envoy counts them and enforces nothing).
 */
const OUTLIER: OutlierPolicy = {
  consecutive5xx: 5,
  consecutiveGatewayErrors: 0,
  intervalMs: 10_000,
  baseEjectionMs: 30_000,
  maximumEjectionMs: 300_000,
  maximumEjectedShare: 0.1,
  successRateMinimumReplicas: 5,
  successRateMinimumRequests: 100,
  successRateDeviations: 1.9,
};

/** The later layer wins, field by field; null when none of them asks for it. */
export function resolveHealthCheck(...layers: (HealthCheckDocument | undefined)[]): HealthCheckPolicy | null {
  if (layers.every((layer) => layer === undefined)) return null;
  const merged = Object.assign({}, HEALTH_CHECK, ...layers) as HealthCheckPolicy;
  return { ...merged, statuses: merged.statuses.map(String) };
}

/** The later layer wins, field by field; null when none of them asks for it. */
export function resolveOutlier(...layers: (OutlierDocument | undefined)[]): OutlierPolicy | null {
  if (layers.every((layer) => layer === undefined)) return null;
  return Object.assign({}, OUTLIER, ...layers) as OutlierPolicy;
}

export function findOutlierFaults(outlier: OutlierDocument | undefined, path: Fault['path']): Fault[] {
  const { baseEjectionMs = OUTLIER.baseEjectionMs, maximumEjectionMs = OUTLIER.maximumEjectionMs } = outlier ?? {};
  if (maximumEjectionMs >= baseEjectionMs) return [];
  const message = `maximumEjectionMs ${maximumEjectionMs} is below baseEjectionMs ${baseEjectionMs}; raise it`;
  return [{ path: [...path, outlier?.maximumEjectionMs ? 'maximumEjectionMs' : 'baseEjectionMs'], message }];
}
