import { z } from 'zod';

/** What one container takes, from the engine; null wherever the engine does not say. */
export const containerUsageSchema = z.object({
  /** The container's id. */
  container: z.string(),
  service: z.string(),
  /** CPU time over wall time since the sample before: 0.71 is 71 % of one core, 2 is two cores full. */
  cpuShare: z.number().nullable(),
  /** In cores; null when there is no limit. */
  cpuLimit: z.number().nullable(),
  /** Without the page cache that the kernel can drop at any time, as `docker stats` counts it. */
  memoryBytes: z.number().nullable(),
  /** null when there is no limit: the machine's memory is not the container's limit. */
  memoryLimitBytes: z.number().nullable(),
  networkRxBytesPerSecond: z.number().nullable(),
  networkTxBytesPerSecond: z.number().nullable(),
  pids: z.number().nullable(),
});
export type ContainerUsage = z.infer<typeof containerUsageSchema>;

/** One look at every running container of an environment. */
export const statsSchema = z.object({
  /** Epoch ms at which the last container had answered. */
  at: z.number(),
  containers: z.array(containerUsageSchema),
  /** Time between two looks. */
  stepMs: z.number(),
});
export type Stats = z.infer<typeof statsSchema>;
