import { z } from 'zod';
import { problemSchema } from '../problem.ts';

export const portNumberSchema = z.number().int().min(1).max(65_535);

/** How a port of a service would be reached, before anything is opened. */
export const forwardWaySchema = z.discriminatedUnion('kind', [
  /** Through a container that runs: nothing is started but a process in it. */
  z.object({ kind: z.literal('relay'), through: z.string(), network: z.string() }),
  /** No container that runs can carry it: a small one would be started on the network, from an image that is there. */
  z.object({
    kind: z.literal('helper'),
    reason: z.string(),
    networks: z.array(z.string()),
    images: z.array(z.string()),
  }),
  z.object({ kind: z.literal('none'), problem: problemSchema }),
]);
export type ForwardWay = z.infer<typeof forwardWaySchema>;

/** The yes to a helper container: from which image, on which network of the service. */
export const helperConsentSchema = z.object({
  image: z.string().min(1).max(512),
  network: z.string().min(1).max(256),
});
export type HelperConsent = z.infer<typeof helperConsentSchema>;

const trafficOfForwardSchema = z.object({
  /** From this machine to the service, and back. */
  sentBytes: z.number(),
  receivedBytes: z.number(),
  sentBytesPerSecond: z.number(),
  receivedBytesPerSecond: z.number(),
});

export const forwardSchema = z.object({
  id: z.string(),
  environment: z.string(),
  service: z.string(),
  port: z.number(),
  /** `waiting`: it listens, but there is no way to the service now; `ended`: it listens no more. */
  state: z.enum(['open', 'waiting', 'ended']),
  /** How it is reached, why it waits, or why it ended. */
  detail: z.string(),
  /** The container that carries it; null while there is none. */
  through: z.string().nullable(),
  /** The helper container that was started for it, by name. */
  helper: z.string().nullable(),
  localPort: z.number(),
  /** Loopback addresses alone: `127.0.0.1`, and `::1` where this machine has it. */
  addresses: z.array(z.string()),
  /** Whether HTTP was seen, or is usual on that port: then it can be opened in a browser. */
  isWeb: z.boolean(),
  /** Who opened it: `console`, `cli`. */
  openedBy: z.string(),
  /** The reason that the environment was unlocked with, when it was. */
  reason: z.string().nullable(),
  openedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Epoch ms at which it closes unless somebody connects; null while connections are open. */
  closesAt: z.number().nullable(),
  connections: z.object({ open: z.number(), total: z.number(), failed: z.number(), refused: z.number() }),
  /** Why the last connection that failed did. Untrusted text. */
  lastFailure: z.string().nullable(),
  traffic: trafficOfForwardSchema,
});
export type Forward = z.infer<typeof forwardSchema>;
