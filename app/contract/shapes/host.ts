import { z } from 'zod';
import { historyStateSchema } from './audit.ts';

export const hostInfoSchema = z.object({
  product: z.literal('gatehouse'),
  version: z.string(),
  pid: z.number(),
  node: z.string(),
  platform: z.string(),
  /** Epoch ms. */
  startedAt: z.number(),
  readOnly: z.boolean(),
  /** The folder given with --stack, or null. */
  stackFolder: z.string().nullable(),
  /** What --engine asked for. */
  engineChoice: z.enum(['auto', 'docker', 'sandbox']),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;

/** Where this host keeps what outlives it, and how much that takes. */
export const hostStorageSchema = z.object({
  history: historyStateSchema,
  places: z.array(
    z.object({
      what: z.enum(['history', 'runtime']),
      path: z.string(),
      /** null: it cannot be read, or is not there. */
      bytes: z.number().nullable(),
    }),
  ),
  /** Rows of the history, by table. */
  rows: z.record(z.string(), z.number()),
  /** Of the logs of removed containers, as kept. */
  keptLogBytes: z.number(),
});
export type HostStorage = z.infer<typeof hostStorageSchema>;

export const sandboxItemSchema = z.object({
  name: z.string(),
  state: z.enum(['waiting', 'creating', 'starting', 'healthy', 'started', 'failed', 'stopped']),
  /** What it waits for or what went wrong. */
  detail: z.string(),
  /** Epoch ms at which this state began. */
  since: z.number(),
});
export type SandboxItem = z.infer<typeof sandboxItemSchema>;

/** The sandbox platform and how far its start has come. */
export const sandboxSchema = z.object({
  state: z.enum(['off', 'starting', 'running', 'stopping', 'failed']),
  environment: z.string().nullable(),
  /** The engine's socket, for `docker -H`; null when off. */
  address: z.string().nullable(),
  since: z.number(),
  items: z.array(sandboxItemSchema),
  problem: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
});
export type Sandbox = z.infer<typeof sandboxSchema>;
