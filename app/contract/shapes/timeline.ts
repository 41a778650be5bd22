import { z } from 'zod';
import { auditOutcomeSchema, cursorSchema, historyStateSchema } from './audit.ts';
import { bootStepSchema } from './stackStatus.ts';
import { levelSchema } from './status.ts';

/** `edge`: what clients got from outside changed. `boot`: the stack was brought up. `operator`: an operation of the audit log. */
export const timelineKindSchema = z.enum(['engine', 'breaker', 'gateway', 'edge', 'configuration', 'boot', 'operator']);
export type TimelineKind = z.infer<typeof timelineKindSchema>;

export const timelineEntrySchema = z.object({
  /** Of an operator's action: the id of its audit entry. */
  id: z.string(),
  /** Epoch ms. */
  at: z.number(),
  kind: timelineKindSchema,
  level: levelSchema,
  /** What it is about, for example the service's name. Untrusted text. */
  subject: z.string(),
  /** The rest of the sentence. Untrusted text. */
  text: z.string(),
  /** Set for an operator's action. */
  operator: z.object({ who: z.string(), outcome: auditOutcomeSchema, engineCallCount: z.number() }).nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** A span in which no console of this user watched: what happened then is not known. */
export const unwatchedSchema = z.object({ from: z.number(), until: z.number() });
export type Unwatched = z.infer<typeof unwatchedSchema>;

export const timelinePageSchema = z.object({
  /** Newest first. */
  entries: z.array(timelineEntrySchema),
  /** Spans between the entries of this page, newest first. */
  unwatched: z.array(unwatchedSchema),
  next: cursorSchema.nullable(),
});
export type TimelinePage = z.infer<typeof timelinePageSchema>;

/** The first value is the newest page; later ones carry what came or changed: an entry with a known id replaces it. */
export const timelineBatchSchema = timelinePageSchema.extend({ history: historyStateSchema });
export type TimelineBatch = z.infer<typeof timelineBatchSchema>;

/** The log of a container that was removed, as far as it was kept. */
export const keptLogSchema = z.object({
  id: z.string(),
  /** Epoch ms at which it was kept, just before the removal. */
  at: z.number(),
  service: z.string(),
  container: z.string(),
  bytes: z.number(),
  /** Earlier lines were left out: at most 1 MiB is kept. */
  cut: z.boolean(),
});
export type KeptLog = z.infer<typeof keptLogSchema>;

/** How long the services of a stack took to come up. */
export const bootSchema = z.object({
  id: z.string(),
  /** Epoch ms at which the start began. */
  at: z.number(),
  durationMs: z.number(),
  mode: z.enum(['dev', 'prod', 'unknown']),
  services: z.array(bootStepSchema),
});
export type Boot = z.infer<typeof bootSchema>;
