// Whether a stack is closed: each rule of the security model as a check, with what was seen and what to do about it.
import { z } from 'zod';
import { levelSchema } from './status.ts';

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

export const postureStatusSchema = z.enum(['fail', 'unknown', 'waived', 'pass', 'notApplicable']);
export type PostureStatus = z.infer<typeof postureStatusSchema>;

export const postureEvidenceSchema = z.object({
  /** Services, networks, routes, `edge` or `gateway`, of which the same was seen. Untrusted text. */
  subjects: z.array(z.string()),
  status: postureStatusSchema,
  /** What was seen, in words; never the value of a secret. Untrusted text. */
  seen: z.string(),
  /** Where: `inspection of the container`, `docker-compose.prod.yaml`, `handshake with 127.0.0.1:443`. */
  where: z.string(),
  /** Why it is accepted, and until which day; null unless waived. */
  waiver: z.object({ reason: z.string(), expires: z.string() }).nullable(),
});
export type PostureEvidence = z.infer<typeof postureEvidenceSchema>;

export const postureRuleSchema = z.object({
  /** Stable: `exposure.edge-only`. */
  id: z.string(),
  severity: severitySchema,
  /** The worst of its evidence. */
  status: postureStatusSchema,
  /** What the rule demands, as a sentence. */
  title: z.string(),
  /** What fails first; what passes is gathered. */
  evidence: z.array(postureEvidenceSchema),
  /** A line to write or to run. */
  remedy: z.string(),
  /** The paragraph of the platform's security model, or the control of a named standard. */
  source: z.string(),
});
export type PostureRule = z.infer<typeof postureRuleSchema>;

/** A way that the networks leave open. */
export const reachFindingSchema = z.object({
  kind: z.enum(['bypass', 'unused']),
  from: z.string(),
  /** At most 30 are named. */
  to: z.array(z.string()),
  /** How many there are in all. */
  count: z.number(),
  network: z.string(),
  why: z.string(),
});
export type ReachFinding = z.infer<typeof reachFindingSchema>;

export const reachSchema = z.object({
  /** Ordered pairs of services that share a network. */
  possible: z.number(),
  /** Of these: for which a file or the gateway's configuration gives a reason. */
  declared: z.number(),
  /** Of these: on which requests were seen; null when nobody looked. */
  observed: z.number().nullable(),
  /** false: the engine keeps nobody apart (the sandbox), so that all of this is what the files say. */
  isEnforced: z.boolean(),
  findings: z.array(reachFindingSchema),
});
export type Reach = z.infer<typeof reachSchema>;

/** One service that could call another one. */
export const reachWaySchema = z.object({
  from: z.string(),
  to: z.string(),
  /** Over which networks, by their labels. */
  networks: z.array(z.string()),
  /** A file, a route or monitoring gives a reason. */
  isDeclared: z.boolean(),
  /** Who saw requests; empty where nobody did. */
  observedBy: z.array(z.enum(['gateway', 'traces'])),
  /** What such a call would go past: `the gateway`, or the service of a pool. */
  bypass: z.string().nullable(),
});
export type ReachWay = z.infer<typeof reachWaySchema>;

export const reachMapSchema = z.object({
  /** Epoch ms of the observation. */
  at: z.number(),
  /** false: nobody could have seen requests, so that nothing is known to be unused. */
  isWatched: z.boolean(),
  isEnforced: z.boolean(),
  /** Bypasses first, then what was seen; at most 2,000. */
  ways: z.array(reachWaySchema),
  wayCount: z.number(),
});
export type ReachMap = z.infer<typeof reachMapSchema>;

const countsSchema = z.object({
  critical: z.number(),
  high: z.number(),
  medium: z.number(),
  low: z.number(),
  info: z.number(),
});

export const postureSchema = z.object({
  schema: z.literal('gatehouse.posture/1'),
  project: z.string(),
  /** As what it was judged. */
  mode: z.enum(['dev', 'prod']),
  /** What was judged: what runs, or the files. */
  basis: z.enum(['engine', 'files']),
  /** Names of the compose files, or of the engine. */
  from: z.string(),
  /** Epoch ms of the observation. */
  at: z.number(),
  verdict: z.object({ level: levelSchema, headline: z.string(), detail: z.string() }),
  failing: countsSchema,
  unknown: countsSchema,
  /** The critical ones first, and of these what fails. */
  rules: z.array(postureRuleSchema),
  reach: reachSchema,
  waivers: z.object({
    /** null: the stack has no such file. */
    file: z.string().nullable(),
    /** What is wrong with it, with line and column; then no waiver of it counts. */
    problem: z.string().nullable(),
    /** Waivers that count no more, and those that nothing needs, as sentences. */
    notes: z.array(z.string()),
  }),
});
export type Posture = z.infer<typeof postureSchema>;

/** What a bounded burst of requests at the edge showed. */
export const limitProbeSchema = z.object({
  /** Epoch ms. */
  at: z.number(),
  target: z.string(),
  sent: z.number(),
  answered: z.number(),
  limited: z.number(),
  tookMs: z.number(),
});
export type LimitProbe = z.infer<typeof limitProbeSchema>;
