// Asking for a plan, keeping it, and carrying it out.
import { z } from 'zod';
import { environmentIdSchema, guardSchema } from './environment.ts';
import { applyProgressSchema, applyResultSchema, planSchema, planVerbSchema } from './plan.ts';

const serviceName = z.string().min(1).max(256);

/** What compose files are read with, instead of the host's own variables: those of the caller's shell. */
export const variablesSchema = z
  .record(z.string().max(256), z.string().max(32_768))
  .refine((variables) => Object.keys(variables).length <= 1000, 'at most 1000 variables');

/** Which files: a stack of an environment in one of its modes. */
export const stackFilesSchema = z.object({
  environment: environmentIdSchema,
  /** Absent: that of what runs, else dev. */
  mode: z.enum(['dev', 'prod']).optional(),
  /** With the compose files, absolute; absent: the one that was opened, else where what runs was started from. */
  folder: z.string().min(1).max(4096).optional(),
  variables: variablesSchema.optional(),
});
export type StackFiles = z.infer<typeof stackFilesSchema>;

export const planRequestSchema = stackFilesSchema.extend({
  verb: planVerbSchema,
  /** Absent: all. Verbs on containers need some. */
  services: z.array(serviceName).max(500).optional(),
  /** Replicas by service, for `scale` and `up`. */
  scale: z.record(serviceName, z.number().int().min(0).max(100)).optional(),
  /** false: `up` without what the services depend on. */
  withDependencies: z.boolean().optional(),
  removeOrphans: z.boolean().optional(),
  recreate: z.enum(['different', 'always', 'never']).optional(),
  pull: z.enum(['always', 'missing', 'never']).optional(),
  build: z.boolean().optional(),
  /** `down`: named volumes too, with all data. */
  removeVolumes: z.boolean().optional(),
  /** `switch`: containers of one mode may use volumes that the other wrote. */
  carryData: z.boolean().optional(),
  /** The project's name, typed: without it nothing that loses or carries data is planned, but a blocker. */
  typed: z.string().max(128).optional(),
});
export type PlanRequest = z.infer<typeof planRequestSchema>;

/** The operation that carries out plans of a verb; its class decides with the guard. */
export const planOperations = {
  up: 'up',
  restart: 'restart',
  scale: 'scale',
  down: 'down',
  switch: 'switch',
  start: 'act',
  stop: 'act',
  pause: 'act',
  unpause: 'act',
  kill: 'act',
} as const satisfies Record<z.infer<typeof planVerbSchema>, string>;

/** A plan that the host keeps for half an hour, to be carried out by its id. */
export const keptPlanSchema = z.object({
  id: z.string(),
  plan: planSchema,
  /** The plan as text, for people. Holds names of others: untrusted text. */
  text: z.string(),
  /** In force for carrying it out; `confirm` and everything that removes volumes want the project's name with it. */
  guard: guardSchema,
  guardReason: z.string(),
});
export type KeptPlan = z.infer<typeof keptPlanSchema>;

export const stackRunSchema = z.object({
  /** That of its plan. */
  id: z.string(),
  verb: planVerbSchema,
  project: z.string(),
  /** What shall run afterwards; null: not said, or nothing. */
  mode: z.string().nullable(),
  /** Epoch ms. */
  startedAt: z.number(),
  /** null while it runs. */
  result: applyResultSchema.nullable(),
  /** Somebody asked to stop: what has begun is brought to an end, nothing new begins. */
  isCancelled: z.boolean(),
  /** By step, in the order of the plan; `at` is when its state began. */
  steps: z.array(applyProgressSchema),
  /** The last lines of builds and pulls, at most 200. Untrusted text. */
  output: z.array(z.object({ step: z.string(), line: z.string() })),
});
export type StackRun = z.infer<typeof stackRunSchema>;
