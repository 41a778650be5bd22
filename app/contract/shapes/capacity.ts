// How much room the engine's machine has left: disk, memory and processors.
import { z } from 'zod';
import { levelSchema } from './status.ts';

const shareOfDisk = z.object({
  count: z.number(),
  /** null: the engine does not count it. */
  bytes: z.number().nullable(),
  /** What could be removed without touching anything that runs; null: not said. */
  reclaimableBytes: z.number().nullable(),
});
export type DiskShare = z.infer<typeof shareOfDisk>;

export const volumeSizeSchema = z.object({
  name: z.string(),
  /** null: the engine does not say. */
  bytes: z.number().nullable(),
  /** Whether it is one of this project. */
  isOwn: z.boolean(),
  /** Containers that use it. */
  users: z.number().nullable(),
});
export type VolumeSize = z.infer<typeof volumeSizeSchema>;

export const capacitySchema = z.object({
  at: z.number(),
  /** The worst of disk and memory. */
  level: levelSchema,
  sentence: z.string(),
  disk: z.object({
    level: levelSchema,
    /** Where the engine keeps its data, on its own machine. */
    folder: z.string(),
    totalBytes: z.number().nullable(),
    freeBytes: z.number().nullable(),
    /** Why the free room is not known; null when it is. */
    why: z.string().nullable(),
    /** At the pace of the last minutes, epoch ms; null where it is not filling. */
    fullAt: z.number().nullable(),
  }),
  memory: z.object({
    level: levelSchema,
    totalBytes: z.number().nullable(),
    /** Of the machine as a whole; null where this machine cannot look. */
    availableBytes: z.number().nullable(),
    /** Of this project's containers. */
    projectBytes: z.number().nullable(),
  }),
  processors: z.object({ count: z.number().nullable(), projectCores: z.number().nullable() }),
  /** As `docker system df` counts; null until it has counted. */
  usage: z
    .object({
      at: z.number(),
      images: shareOfDisk,
      containers: shareOfDisk,
      volumes: shareOfDisk,
      buildCache: shareOfDisk,
      /** Own ones first, the largest first, at most 100. */
      largest: z.array(volumeSizeSchema),
    })
    .nullable(),
  /** Why the last count failed; null when it did not. */
  usageFailure: z.string().nullable(),
});
export type Capacity = z.infer<typeof capacitySchema>;
