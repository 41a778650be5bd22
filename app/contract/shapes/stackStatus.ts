// How the services of a stack are, and in which way it differs from its files.
import { z } from 'zod';
import { fieldChangeSchema, gateConditionSchema } from './plan.ts';
import { publishedPortSchema } from './topology.ts';

export const serviceConditionSchema = z.enum([
  'running',
  'healthy',
  'starting',
  'unhealthy',
  'done',
  'crashed',
  'stopped',
  'paused',
  'missing',
  'orphan',
]);
export type ServiceCondition = z.infer<typeof serviceConditionSchema>;

export const replicaStatusSchema = z.object({
  container: z.string(),
  id: z.string(),
  replica: z.number().nullable(),
  condition: serviceConditionSchema,
  /** In words, with the cause: `exit 137: killed, out of memory`. */
  detail: z.string(),
  /** `none`: nothing probes it. */
  health: z.enum(['healthy', 'unhealthy', 'starting', 'none']),
  ports: z.array(publishedPortSchema),
  /** Epoch ms; null: not known. */
  createdAt: z.number().nullable(),
  /** Epoch ms; null: never. */
  startedAt: z.number().nullable(),
  exitCode: z.number().nullable(),
  outOfMemory: z.boolean(),
  restarts: z.number(),
  /** The last lines of its log; only of one that crashed. Untrusted text. */
  lastLines: z.array(z.string()),
});
export type ReplicaStatus = z.infer<typeof replicaStatusSchema>;

export const serviceStatusSchema = z.object({
  service: z.string(),
  /** The worst of its replicas. */
  condition: serviceConditionSchema,
  detail: z.string(),
  wanted: z.number(),
  image: z.string(),
  replicas: z.array(replicaStatusSchema),
});
export type ServiceStatus = z.infer<typeof serviceStatusSchema>;

export const stackStatusSchema = z.object({
  schema: z.literal('gatehouse.status/1'),
  project: z.string(),
  mode: z.string().nullable(),
  /** Epoch ms of the observation. */
  at: z.number(),
  services: z.array(serviceStatusSchema),
});
export type StackStatus = z.infer<typeof stackStatusSchema>;

/** When each container was made, ran and got well. Epoch ms; null: not yet, or not known. */
export const bootStepSchema = z.object({
  service: z.string(),
  container: z.string(),
  createdAt: z.number().nullable(),
  startedAt: z.number().nullable(),
  /** Of a job when it ended. */
  readyAt: z.number().nullable(),
  waitedFor: z.array(z.object({ service: z.string(), condition: gateConditionSchema })),
  /** The dependency that was ready last: what held it up. */
  heldBy: z.string().nullable(),
});
export type BootStep = z.infer<typeof bootStepSchema>;

export const driftSchema = z.object({
  schema: z.literal('gatehouse.drift/1'),
  project: z.string(),
  at: z.number(),
  services: z.array(
    z.object({
      service: z.string(),
      container: z.string(),
      kind: z.enum(['fields', 'file', 'missing', 'orphan', 'stopped']),
      changes: z.array(fieldChangeSchema),
      /** Of `file`: where it is mounted. */
      path: z.string().nullable(),
      detail: z.string(),
    }),
  ),
  /** Mounted files that could not be compared, and why. */
  unknown: z.array(z.object({ service: z.string(), path: z.string(), reason: z.string() })),
});
export type Drift = z.infer<typeof driftSchema>;
