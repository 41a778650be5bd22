import { z } from 'zod';
import { levelSchema } from './status.ts';

export const probeSchema = z.object({
  /** Epoch ms at which the probe ended. */
  at: z.number(),
  exitCode: z.number(),
  /** What the probe printed, cut to 4 KiB by the host. Untrusted text. */
  output: z.string(),
});

export const containerSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
  health: z.enum(['healthy', 'unhealthy', 'starting', 'none']),
  /** The newest probes first, at most five. */
  probes: z.array(probeSchema),
  /** Epoch ms; null when it never ran. */
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  exitCode: z.number().nullable(),
  outOfMemory: z.boolean(),
  restarts: z.number(),
  image: z.string(),
  imageId: z.string(),
});
export type Container = z.infer<typeof containerSchema>;

export const publishedPortSchema = z.object({
  containerPort: z.number(),
  protocol: z.enum(['tcp', 'udp', 'sctp']),
  /** null: exposed but not published. */
  hostIp: z.string().nullable(),
  hostPort: z.number().nullable(),
});
export type PublishedPort = z.infer<typeof publishedPortSchema>;

export const serviceKindSchema = z.enum([
  'edge',
  'gateway',
  'app',
  'store',
  'queue',
  'metrics',
  'traces',
  'dashboard',
  'exporter',
]);
export type ServiceKind = z.infer<typeof serviceKindSchema>;

export const serviceSchema = z.object({
  name: z.string(),
  kind: serviceKindSchema,
  level: levelSchema,
  /** The level in words, for example `healthy`, `stopped, exit 137` or `declared, not created`. */
  statusText: z.string(),
  image: z.string(),
  /** Names as the project has them, without the project's prefix. */
  networks: z.array(z.string()),
  ports: z.array(publishedPortSchema),
  dependsOn: z.array(z.object({ service: z.string(), condition: z.enum(['started', 'healthy', 'completed']) })),
  containers: z.array(containerSchema),
  /** In the sandbox: the product that a stand-in process takes the place of; null for a real workload. */
  standInFor: z.string().nullable(),
  /** Routes of the gateway that end here, by id. */
  routes: z.array(z.string()),
  breaker: z.enum(['closed', 'open', 'half-open']).nullable(),
});
export type Service = z.infer<typeof serviceSchema>;

export const networkSchema = z.object({
  name: z.string(),
  /** null where the engine cannot enforce it (the sandbox) or nothing is known. */
  internal: z.boolean().nullable(),
  services: z.array(z.string()),
});

export const edgeSchema = z.object({
  from: z.string(),
  to: z.string(),
  kind: z.enum(['declared', 'route']),
  routes: z.array(z.string()),
});

/** The platform as a graph. `at` is the time of the observation, epoch ms. */
export const topologySchema = z.object({
  environment: z.string(),
  at: z.number(),
  services: z.array(serviceSchema),
  networks: z.array(networkSchema),
  edges: z.array(edgeSchema),
});
export type Topology = z.infer<typeof topologySchema>;

export const containerDetailSchema = z.object({
  container: containerSchema,
  command: z.string(),
  /** Values of secrets are masked at the source. */
  environment: z.array(z.object({ name: z.string(), value: z.string(), masked: z.boolean() })),
  mounts: z.array(z.object({ source: z.string(), target: z.string(), readOnly: z.boolean() })),
  networks: z.array(z.object({ name: z.string(), address: z.string(), aliases: z.array(z.string()) })),
  restartPolicy: z.string(),
  healthTest: z.string().nullable(),
});
export type ContainerDetail = z.infer<typeof containerDetailSchema>;
