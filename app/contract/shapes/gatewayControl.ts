// What an operator holds, drains and resets in a running gateway.
import { z } from 'zod';
import { breakerStateSchema } from './gateway.ts';

/** As the admin API says it of one upstream. */
export const upstreamReplicaSchema = z.object({
  /** `host:port`. */
  id: z.string(),
  health: z.enum(['unknown', 'healthy', 'unhealthy']),
  breaker: breakerStateSchema,
  ejectedFor: z.string().nullable(),
  /** Epoch ms; null while it is not drained. */
  drainedUntil: z.number().nullable(),
  inFlight: z.number(),
});

export const upstreamSchema = z.object({
  name: z.string(),
  target: z.string(),
  inFlight: z.number(),
  replicas: z.array(upstreamReplicaSchema),
});
export type Upstream = z.infer<typeof upstreamSchema>;

export const limitKeySchema = z.object({
  /** `ip=203.0.113.7`, `user=main/alice`. Untrusted text. */
  key: z.string(),
  /** Units taken and not yet back. */
  used: z.number(),
  /** Until all are back. */
  freeInMs: z.number(),
});

export const limitPolicySchema = z.object({
  name: z.string(),
  by: z.array(z.string()),
  rate: z.number(),
  perSeconds: z.number(),
  burst: z.number(),
  admitted: z.number(),
  refused: z.number(),
  /** Keys that are remembered. */
  keys: z.number(),
  /** Those that have used most. */
  top: z.array(limitKeySchema),
});
export type LimitPolicyView = z.infer<typeof limitPolicySchema>;

export const gatewayLimitsSchema = z.object({
  store: z.object({
    kind: z.enum(['memory', 'redis']),
    state: z.enum(['memory', 'shared', 'fallback']),
    reason: z.string().nullable(),
  }),
  policies: z.array(limitPolicySchema),
  /** How many replicas were asked; each counts for itself unless the store is shared. */
  replicas: z.number(),
});
export type GatewayLimits = z.infer<typeof gatewayLimitsSchema>;

export const replayedSchema = z.object({
  /** Of the new exchange; null: the gateway did not see it. */
  id: z.string().nullable(),
  status: z.number(),
  responseBytes: z.number(),
  durationMs: z.number(),
  /** Fields of the original that were not sent again, since nobody kept them. */
  leftOut: z.array(z.string()),
});
export type Replayed = z.infer<typeof replayedSchema>;
