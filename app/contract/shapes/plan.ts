// What will be done to a stack, before it is done: read by people as text or on a screen, by scripts as JSON.
import { z } from 'zod';

/**
 * What a plan is made for. `switch` goes from what runs to the project of another mode; the verbs from `start` on act on
 * containers that are there.
 */
export const planVerbSchema = z.enum([
  'up',
  'down',
  'restart',
  'scale',
  'switch',
  'start',
  'stop',
  'pause',
  'unpause',
  'kill',
]);
export type PlanVerb = z.infer<typeof planVerbSchema>;

/** One field that differs. Secrets are masked at the source; then both sides are the mask, and only that they differ is said. */
export const fieldChangeSchema = z.object({
  /** For example `environment.LOG_LEVEL`, `ports.8080/tcp` or `image`. */
  field: z.string(),
  /** null: not set. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  masked: z.boolean(),
});
export type FieldChange = z.infer<typeof fieldChangeSchema>;

export const gateConditionSchema = z.enum(['started', 'healthy', 'completed']);
export type GateCondition = z.infer<typeof gateConditionSchema>;

/** What has to be reached before a step begins. */
export const gateSchema = z.object({
  service: z.string(),
  /** null: all replicas. */
  replica: z.number().nullable(),
  condition: gateConditionSchema,
  /** false: the step goes on when it is not reached, and says so. */
  required: z.boolean(),
});
export type Gate = z.infer<typeof gateSchema>;

export const stepActionSchema = z.enum([
  'pull',
  'build',
  'create',
  'recreate',
  'start',
  'unpause',
  'restart',
  'pause',
  'stop',
  'kill',
  'remove',
]);
export type StepAction = z.infer<typeof stepActionSchema>;

export const planStepSchema = z.object({
  /** Unique in the plan and the same for the same change: `container shop-api-1`. */
  id: z.string(),
  resource: z.enum(['image', 'network', 'volume', 'container']),
  action: stepActionSchema,
  /** As the engine knows it. */
  name: z.string(),
  /** Its key in the compose files; of an image the first service that uses it; null where no file names it. */
  key: z.string().nullable(),
  /** Of a container, from 1. */
  replica: z.number().nullable(),
  /** The id of what is there already, which the step replaces, starts or removes. */
  target: z.string().nullable(),
  /** Why, in words: `not created yet`, `2 fields differ`. */
  reason: z.string(),
  changes: z.array(fieldChangeSchema),
  /** An image that is pulled or built first: the step is left out when the container has it already. */
  onlyIfNewImage: z.string().nullable(),
  /** From 0. All that a step needs or waits for is in earlier waves. */
  wave: z.number(),
  /** Steps that must have ended well. */
  needs: z.array(z.string()),
  gates: z.array(gateSchema),
});
export type PlanStep = z.infer<typeof planStepSchema>;

export const planPortSchema = z.object({
  service: z.string(),
  /** Empty: every address of the machine. */
  hostIp: z.string(),
  /** null: the engine chooses one. */
  hostPort: z.number().nullable(),
  containerPort: z.number(),
  protocol: z.string(),
});
export type PlanPort = z.infer<typeof planPortSchema>;

export const planVolumeSchema = z.object({
  name: z.string(),
  key: z.string().nullable(),
  fate: z.enum(['created', 'kept', 'removed']),
  /** null: not known. */
  sizeBytes: z.number().nullable(),
  /** The mode whose containers could write to it last, that created it, or for which it is named; null: not known. */
  lastMode: z.string().nullable(),
  lastModeFrom: z.enum(['container', 'volume', 'name', 'unknown']),
  services: z.array(z.string()),
});
export type PlanVolume = z.infer<typeof planVolumeSchema>;

export const planImageSchema = z.object({
  reference: z.string(),
  services: z.array(z.string()),
  /** `missing`: it is not on the engine and nothing allows to get it. */
  state: z.enum(['present', 'toPull', 'toBuild', 'missing']),
});
export type PlanImage = z.infer<typeof planImageSchema>;

/** How long a service does not answer while the plan is applied. */
export const planDowntimeSchema = z.object({
  service: z.string(),
  /** null: not known. */
  leastMs: z.number().nullable(),
  mostMs: z.number().nullable(),
  /** How the figures come about. */
  basis: z.string(),
});
export type PlanDowntime = z.infer<typeof planDowntimeSchema>;

export const planNoteSchema = z.object({
  /** kebab-case and stable, for example `port-taken`, `ports-not-emptied`, `data-crosses-modes`. */
  code: z.string(),
  /** The service, network, volume or image that it is about. */
  subject: z.string(),
  message: z.string(),
  remedy: z.string(),
});
export type PlanNote = z.infer<typeof planNoteSchema>;

export const planSchema = z.object({
  schema: z.literal('gatehouse.plan/1'),
  verb: planVerbSchema,
  project: z.string(),
  /** What runs now and what shall run; null: not known, or none. */
  mode: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
  /** Epoch ms of the observation that it was made from. */
  at: z.number(),
  /** Of what was observed; applying stops when it has changed. */
  fingerprint: z.string(),
  /** In the order of waves. Empty: nothing is to do. */
  steps: z.array(planStepSchema),
  /** Services that are already as they should be. */
  unchanged: z.array(z.string()),
  images: z.array(planImageSchema),
  ports: z.object({ opened: z.array(planPortSchema), closed: z.array(planPortSchema) }),
  volumes: z.array(planVolumeSchema),
  /** Containers of the project that no service of the files claims. */
  orphans: z.array(z.object({ container: z.string(), service: z.string() })),
  downtime: z.array(planDowntimeSchema),
  warnings: z.array(planNoteSchema),
  /** While there is one, the plan cannot be applied. */
  blockers: z.array(planNoteSchema),
});
export type Plan = z.infer<typeof planSchema>;

/** How far one step has come. `step` is its id in the plan. */
export const applyProgressSchema = z.object({
  step: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  /** What it waits for or what happens: `elasticsearch: healthy, 41 s`, `pulling, 12 of 80 MB`. Untrusted text. */
  detail: z.string(),
  /** Epoch ms. */
  at: z.number(),
});
export type ApplyProgress = z.infer<typeof applyProgressSchema>;

export const applyResultSchema = z.object({
  /** `stale`: the stack had changed since the plan, and nothing was done. */
  outcome: z.enum(['applied', 'failed', 'cancelled', 'stale']),
  steps: z.array(z.object({ step: z.string(), state: z.enum(['done', 'failed', 'skipped']), detail: z.string() })),
  /** What failed first; each failure names service, cause and remedy. */
  problems: z.array(planNoteSchema),
  /** What went wrong without stopping anything. */
  remarks: z.array(planNoteSchema),
  startedAt: z.number(),
  endedAt: z.number(),
});
export type ApplyResult = z.infer<typeof applyResultSchema>;
