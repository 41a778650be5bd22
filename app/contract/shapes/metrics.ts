import { z } from 'zod';
import { problemSchema } from '../problem.ts';
import { connectionSchema } from './status.ts';

/** As many points as Prometheus itself gives of one series. */
export const pointLimit = 11_000;
/** As many series as are sent; the rest is counted. */
export const seriesLimit = 200;
const longestRangeMs = 366 * 24 * 3600_000;

const moment = z.number().int().min(0).max(8.64e15);

/** A stretch of time and the distance of its points, epoch ms and ms. Both ends are points. */
export const metricsRangeSchema = z
  .object({
    from: moment,
    to: moment,
    stepMs: z
      .number()
      .int()
      .min(1000)
      .max(24 * 3600_000),
  })
  .superRefine(({ from, to, stepMs }, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    if (to <= from) refuse(`the range ends at ${to}, which is not after its beginning at ${from}`);
    else if (to - from > longestRangeMs) refuse('the range is longer than 366 days; ask for a shorter one');
    else if (toPointCount({ from, to, stepMs }) > pointLimit)
      refuse(
        `the range has ${toPointCount({ from, to, stepMs })} points, more than ${pointLimit}; take a step of ${leastStepMs(to - from)} ms or more`,
      );
  });
export type MetricsRange = z.infer<typeof metricsRangeSchema>;

/** How many points a range has, its two ends included. Pure. */
export function toPointCount({ from, to, stepMs }: MetricsRange): number {
  return Math.floor((to - from) / stepMs) + 1;
}

/** The shortest step, in whole seconds, with which a range of `lengthMs` stays within the limit of points. Pure. */
export function leastStepMs(lengthMs: number): number {
  return Math.max(1000, Math.ceil(lengthMs / (pointLimit - 1) / 1000) * 1000);
}

/** Who answers questions about metrics, how it is, and why it is this one. */
export const metricsSourceSchema = z.object({
  kind: z.enum(['prometheus', 'scraper']),
  state: connectionSchema.shape.state.exclude(['absent']),
  /** What is connected and which way, for example `Prometheus 3.5.0, published on 127.0.0.1:9090`. */
  detail: z.string(),
  /** Why it is this one, as a sentence. */
  reason: z.string(),
  /** Epoch ms of its last answer. */
  lastSeenAt: z.number().nullable(),
  /** Set when it is lost. */
  problem: problemSchema.nullable(),
  /** Why PromQL, targets and alerts cannot be asked for; null when they can. */
  withoutPromql: problemSchema.nullable(),
});
export type MetricsSourceView = z.infer<typeof metricsSourceSchema>;

export const chartGroupSchema = z.enum(['traffic', 'gateway', 'containers', 'stores']);
export type ChartGroup = z.infer<typeof chartGroupSchema>;

/** `colour`: 0 is green, 1 yellow, 2 red, as Elasticsearch calls its state. */
export const metricsUnitSchema = z.enum([
  'perSecond',
  'share',
  'seconds',
  'bytes',
  'bytesPerSecond',
  'cores',
  'count',
  'colour',
]);
export type MetricsUnit = z.infer<typeof metricsUnitSchema>;

/** Values at `from`, `from + stepMs` …; null where there is none, or none that is finite. */
const values = z.array(z.number().nullable());

export const chartSeriesSchema = z.object({
  /** For the legend: values of labels, or what the chart calls it. Untrusted text. */
  name: z.string(),
  values,
});
export type ChartSeries = z.infer<typeof chartSeriesSchema>;

export const chartSchema = z.object({
  id: z.string(),
  group: chartGroupSchema,
  title: z.string(),
  unit: metricsUnitSchema,
  /** Which metrics it is made of. */
  metrics: z.array(z.string()),
  source: z.enum(['prometheus', 'gateway', 'engine']),
  /** The same as PromQL, where it can be asked as such. */
  queries: z.array(z.string()),
  series: z.array(chartSeriesSchema),
  /** How many there are; `series` holds the largest of them. */
  seriesCount: z.number(),
  /** Why nothing is drawn; null when something is. */
  reason: z.string().nullable(),
  /** What one has to know to read it right, for example that one of two replicas is not scraped. */
  notes: z.array(z.string()),
  /** Stretches in which nobody measured, epoch ms. */
  unwatched: z.array(z.object({ from: z.number(), until: z.number() })),
});
export type Chart = z.infer<typeof chartSchema>;

export const chartsSchema = z.object({
  at: z.number(),
  /** The points that were answered: aligned to the step, which a coarser memory may have made longer. */
  range: z.object({ from: z.number(), to: z.number(), stepMs: z.number() }),
  charts: z.array(chartSchema),
});
export type Charts = z.infer<typeof chartsSchema>;

/** Untrusted text, names and values alike. */
const labels = z.record(z.string(), z.string());

/** What Prometheus answered. A value that is not finite is null, and `text` has it as it was: `NaN`, `+Inf`. */
export const promqlAnswerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('range'),
    range: z.object({ from: z.number(), to: z.number(), stepMs: z.number() }),
    series: z.array(z.object({ labels, values })),
    seriesCount: z.number(),
    warnings: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('instant'),
    at: z.number(),
    samples: z.array(z.object({ labels, value: z.number().nullable(), text: z.string() })),
    seriesCount: z.number(),
    warnings: z.array(z.string()),
  }),
]);
export type PromqlAnswer = z.infer<typeof promqlAnswerSchema>;

export const completionSchema = z.object({
  /** What an option takes the place of: a half-open span of the query, in UTF-16 units. */
  from: z.number(),
  to: z.number(),
  options: z.array(
    z.object({
      /** What is put in; quoted and escaped where it has to be. */
      text: z.string(),
      kind: z.enum(['metric', 'label', 'value', 'function', 'keyword']),
      /** For a metric its type and help. Untrusted text. */
      detail: z.string(),
    }),
  ),
  /** How many fit; `options` holds at most 50. */
  optionCount: z.number(),
});
export type Completion = z.infer<typeof completionSchema>;

export const scrapeTargetSchema = z.object({
  job: z.string(),
  instance: z.string(),
  /** What is asked, without user and password. */
  url: z.string(),
  health: z.enum(['up', 'down', 'unknown']),
  /** Epoch ms; null before the first one. */
  lastScrapeAt: z.number().nullable(),
  lastScrapeMs: z.number().nullable(),
  intervalMs: z.number().nullable(),
  /** What Prometheus says of the last failure; empty when there is none. Untrusted text. */
  error: z.string(),
});
export type ScrapeTarget = z.infer<typeof scrapeTargetSchema>;

export const scrapeTargetsSchema = z.object({
  /** The ones in trouble first, at most 500. */
  targets: z.array(scrapeTargetSchema),
  targetCount: z.number(),
  /** Found and dropped by relabelling. */
  droppedCount: z.number(),
});
export type ScrapeTargets = z.infer<typeof scrapeTargetsSchema>;

export const alertSchema = z.object({
  rule: z.string(),
  state: z.enum(['firing', 'pending', 'inactive']),
  severity: z.string().nullable(),
  /** What it is about, in the rule's own words, else its labels. Untrusted text. */
  summary: z.string(),
  labels,
  /** Epoch ms at which it became pending. */
  activeAt: z.number().nullable(),
  value: z.string(),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertsSchema = z.object({
  at: z.number(),
  /** Firing first, then pending; oldest first, at most 200. */
  alerts: z.array(alertSchema),
  firingCount: z.number(),
  pendingCount: z.number(),
  /** Alerting rules, whatever their state. */
  rules: z.array(
    z.object({
      name: z.string(),
      group: z.string(),
      query: z.string(),
      state: alertSchema.shape.state,
      forMs: z.number(),
      /** Set when Prometheus cannot evaluate it. Untrusted text. */
      error: z.string(),
    }),
  ),
  ruleCount: z.number(),
  /** Why there can be no alert: no rule, no Prometheus. null when there can. */
  reason: problemSchema.nullable(),
});
export type Alerts = z.infer<typeof alertsSchema>;
