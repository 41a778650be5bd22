import { z } from 'zod';
import { problemSchema } from '../problem.ts';

/** Health as it is drawn: four levels, each with a colour and a shape. `unknown` is never drawn as `ok`. */
export const levelSchema = z.enum(['ok', 'degraded', 'down', 'unknown']);
export type Level = z.infer<typeof levelSchema>;

/** Where a figure comes from. The name is what the panel shows, for example `engine` or `gateway`. */
export const sourceSchema = z.enum(['engine', 'gateway', 'prometheus', 'jaeger', 'edge', 'probe', 'host', 'files']);

/** The connection to one source, as the frame shows it. */
export const connectionSchema = z.object({
  source: sourceSchema,
  state: z.enum(['live', 'connecting', 'lost', 'absent']),
  /** Epoch ms of the last proof of life; null when there was none yet. */
  lastSeenAt: z.number().nullable(),
  /** What is connected, for example `1 of 1` replicas or `Docker 28.2`. */
  detail: z.string(),
  /** Set when the state is `lost` or `absent`. */
  problem: problemSchema.nullable(),
});
export type Connection = z.infer<typeof connectionSchema>;
