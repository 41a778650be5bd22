// The configuration of a gateway as an operator changes it. The admin API of gateway-core answers in most of these shapes.
import { z } from 'zod';

export const configProblemSchema = z.object({
  /** From 1; null: the document as a whole. */
  line: z.number().nullable(),
  column: z.number().nullable(),
  /** For example `routes[2].upstream`; empty: the document. */
  where: z.string(),
  message: z.string(),
});
export type ConfigProblem = z.infer<typeof configProblemSchema>;

export const configVerdictSchema = z.object({ isValid: z.boolean(), problems: z.array(configProblemSchema) });
export type ConfigVerdict = z.infer<typeof configVerdictSchema>;

const fieldChangeSchema = z.object({ path: z.string(), from: z.unknown().optional(), to: z.unknown().optional() });
const itemsDiffSchema = z.object({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.object({ id: z.string(), fields: z.array(fieldChangeSchema) })),
});

export const configDiffSchema = z.object({
  isSame: z.boolean(),
  /** One line a difference: `route search: timeouts.totalMs 60000 → 5000`. */
  lines: z.array(z.string()),
  /** Revisions. */
  from: z.string(),
  to: z.string(),
  routes: itemsDiffSchema.extend({ reordered: z.boolean() }),
  upstreams: itemsDiffSchema,
  settings: z.array(fieldChangeSchema),
  /** Settings that are only read at a start. */
  needsRestart: z.array(z.string()),
});
export type ConfigDiff = z.infer<typeof configDiffSchema>;

export const configEntrySchema = z.object({
  /** Of the text, quoted: the same text has the same in every replica. */
  etag: z.string(),
  revision: z.string(),
  /** Epoch ms at which it came into force. */
  at: z.number(),
  origin: z.enum(['start', 'library', 'file', 'signal', 'api', 'rollback']),
  /** Who and why, in the words of whoever put it in force. */
  note: z.string().nullable(),
  /** Against the one before; one line each. */
  changes: z.array(z.string()),
});

export const gatewayConfigSchema = configEntrySchema.extend({
  /** Secrets masked; sent back with its marks it keeps them. null: it was made by a program. */
  text: z.string().nullable(),
  /** What each replica that answers has in force. */
  replicas: z.array(z.object({ gateway: z.string(), etag: z.string(), revision: z.string() })),
  /** Replicas that run and do not answer: nothing can be changed while there are any. */
  silent: z.number(),
  /** The file that it was started from; `isInForce` null: it cannot be read. */
  file: z.object({ path: z.string(), isInForce: z.boolean().nullable() }).nullable(),
  /** From the file to what is in force, as `patch -p0` reads it; null where they are the same, or it is not known. */
  patch: z.string().nullable(),
  lastRefusal: z
    .object({ at: z.number(), origin: configEntrySchema.shape.origin, problems: z.array(configProblemSchema) })
    .nullable(),
});
export type GatewayConfigView = z.infer<typeof gatewayConfigSchema>;

export const configHistorySchema = z.array(
  configEntrySchema.extend({
    isInForce: z.boolean(),
    /** How many of the replicas that answer keep it; it can be put in force again where all do. */
    keptBy: z.number(),
    replicas: z.number(),
  }),
);
export type ConfigHistory = z.infer<typeof configHistorySchema>;

export const keptConfigSchema = configEntrySchema.extend({
  text: z.string().nullable(),
  /** What going back to it would change. */
  diff: configDiffSchema,
});
export type KeptConfigView = z.infer<typeof keptConfigSchema>;

export const replicaChangeSchema = z.object({
  gateway: z.string(),
  /**
   * `changed`: it has the change. `unchanged`: it never had it. `restored`: it had it, and was put back. `stuck`: it has
   * it, and could not be put back. `unknown`: it does not say.
   */
  state: z.enum(['changed', 'unchanged', 'restored', 'stuck', 'unknown']),
  detail: z.string(),
});
export type ReplicaChange = z.infer<typeof replicaChangeSchema>;

/** What came of a change of every replica: all or none, and exactly what stands where when that could not be kept. */
export const gatewayChangeSchema = z.object({
  /** `stale`: another configuration is in force by now, and nothing was done. */
  outcome: z.enum(['applied', 'failed', 'stale']),
  /** In a sentence. */
  summary: z.string(),
  replicas: z.array(replicaChangeSchema),
  problems: z.array(z.object({ code: z.string(), subject: z.string(), message: z.string(), remedy: z.string() })),
  /** Why a configuration was refused, with places. */
  configProblems: z.array(configProblemSchema),
  /** Of the configuration that came into force; null for other changes. */
  etag: z.string().nullable(),
});
export type GatewayChange = z.infer<typeof gatewayChangeSchema>;
