import { z } from 'zod';
import { problemSchema } from '../problem.ts';
import { environmentIdSchema, guardSchema } from './environment.ts';

/** Whether what happens is kept in the user's state folder, or in memory only, and then why. */
export const historyStateSchema = z.object({
  state: z.enum(['kept', 'memory']),
  file: z.string(),
  /** Epoch ms. */
  since: z.number(),
  problem: problemSchema.nullable(),
});
export type HistoryState = z.infer<typeof historyStateSchema>;

/** One request to an engine. Bodies are never recorded, and of the query only what names a thing. */
export const engineCallSchema = z.object({
  method: z.string(),
  path: z.string(),
  /** null: no answer came. */
  status: z.number().nullable(),
});
export type EngineCall = z.infer<typeof engineCallSchema>;

/**
 * `running`: the process that does it is alive. `notFinished`: that process is gone, and nobody knows how far it came.
 * `refused`: the guard let nothing happen.
 */
export const auditOutcomeSchema = z.enum(['running', 'done', 'refused', 'failed', 'cancelled', 'notFinished']);
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

export const auditEntrySchema = z.object({
  id: z.string(),
  /** Epoch ms at which it began. */
  at: z.number(),
  /** Epoch ms; null while it runs, and for ever when it was not finished. */
  finishedAt: z.number().nullable(),
  /** `domain.verb` of the catalogue, and its sentence. */
  operation: z.string(),
  summary: z.string(),
  class: z.enum(['observe', 'sensitiveRead', 'change', 'destroy']),
  /** Who: the kind of client, the user of the machine, the machine. */
  caller: z.string(),
  user: z.string(),
  machine: z.string(),
  /** null: it concerned the host as a whole. */
  environment: environmentIdSchema.nullable(),
  guard: guardSchema,
  /** The reason that was given with the unlocking in force. */
  unlockReason: z.string().nullable(),
  /** The input as JSON, secrets masked, cut to 2 KiB. */
  input: z.string(),
  outcome: auditOutcomeSchema,
  problem: problemSchema.nullable(),
  /** How many requests to engines were made. */
  engineCallCount: z.number(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditDetailSchema = auditEntrySchema.extend({
  /** In the order of their answers, at most 500; `engineCallCount` says how many there were. */
  engineCalls: z.array(engineCallSchema),
});
export type AuditDetail = z.infer<typeof auditDetailSchema>;

/** Where a page ends: what comes after is older. */
export const cursorSchema = z.object({ at: z.number(), id: z.string().max(128) });
export type Cursor = z.infer<typeof cursorSchema>;

export const auditPageSchema = z.object({
  /** Newest first. */
  entries: z.array(auditEntrySchema),
  /** For the next page; null at the end. */
  next: cursorSchema.nullable(),
  history: historyStateSchema,
});
