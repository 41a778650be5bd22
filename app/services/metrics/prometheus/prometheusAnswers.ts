// What Prometheus answers, read without trust: only what has the right shape, and never more than the limits. Pure.
import { z } from 'zod';
import {
  type Alert,
  type Alerts,
  type MetricsRange,
  type PromqlAnswer,
  type ScrapeTarget,
  type ScrapeTargets,
  seriesLimit,
  toPointCount,
} from '../../../contract/index.ts';
import { cleanText } from '../../docker/styledText.ts';
import { parseDuration } from '../promql/duration.ts';

export interface VectorSample {
  readonly labels: Record<string, string>;
  readonly value: number | null;
  /** As Prometheus wrote it. */
  readonly text: string;
}

export interface MatrixSeries {
  readonly labels: Record<string, string>;
  readonly values: (number | null)[];
}

export interface Vector {
  readonly samples: VectorSample[];
  readonly seriesCount: number;
  readonly warnings: string[];
}

export interface Matrix {
  readonly series: MatrixSeries[];
  readonly seriesCount: number;
  readonly warnings: string[];
}

const labelTextLimit = 1024;
const labelCountLimit = 64;
const targetLimit = 500;
const alertLimit = 200;

const text = (limit = 500) =>
  z
    .string()
    .catch('')
    .transform((value) => cleanText(value.replaceAll('\n', ' ')).slice(0, limit));
const list = <T extends z.ZodType>(item: T) => z.array(item).catch([]);
const labelsSchema = z.record(z.string(), z.unknown()).catch({}).transform(toLabels);
const resultSchema = z.object({ resultType: z.string(), result: z.array(z.unknown()) });

const histograms = 'Native histograms are not shown; ask for histogram_quantile() or histogram_avg() of them.';

/** Throws where it is no answer to a query at one moment. */
export function readVector(data: unknown): Vector {
  const { resultType, result } = resultSchema.parse(data);
  if (resultType === 'scalar' || resultType === 'string') {
    const [, value] = result;
    return { samples: [toSample({}, value)], seriesCount: 1, warnings: [] };
  }
  if (resultType === 'matrix') return toLastOfEach(result);
  const samples = result.flatMap((one): VectorSample[] => {
    const { metric, value } = (one ?? {}) as { metric?: unknown; value?: unknown };
    return Array.isArray(value) ? [toSample(labelsSchema.parse(metric), value[1])] : [];
  });
  return {
    samples: samples.slice(0, seriesLimit),
    seriesCount: result.length,
    warnings: samples.length < result.length ? [histograms] : [],
  };
}

/** `up[5m]` at one moment is a series each; what is shown of it is its last value. */
function toLastOfEach(result: readonly unknown[]): Vector {
  const samples = result.slice(0, seriesLimit).flatMap((one): VectorSample[] => {
    const { metric, values } = (one ?? {}) as { metric?: unknown; values?: unknown };
    const last: unknown = Array.isArray(values) ? values.at(-1) : undefined;
    return Array.isArray(last) ? [toSample(labelsSchema.parse(metric), last[1])] : [];
  });
  const warnings = ['The query asks for a stretch of time; the last value of each series is shown.'];
  return { samples, seriesCount: result.length, warnings };
}

/** Values on the points of the range that was asked for. Throws where it is no answer to a query over a range. */
export function readMatrix(data: unknown, range: MetricsRange): Matrix {
  const { result } = resultSchema.parse(data);
  const count = toPointCount(range);
  const series = result.slice(0, seriesLimit).map((one) => {
    const { metric, values } = (one ?? {}) as { metric?: unknown; values?: unknown };
    return { labels: labelsSchema.parse(metric), values: toPoints(values, range, count), known: Array.isArray(values) };
  });
  return {
    series: series.filter(({ known }) => known).map(({ labels, values }) => ({ labels, values })),
    seriesCount: result.length,
    warnings: series.some(({ known }) => !known) ? [histograms] : [],
  };
}

function toPoints(values: unknown, { from, stepMs }: MetricsRange, count: number): (number | null)[] {
  const points = new Array<number | null>(count).fill(null);
  for (const pair of Array.isArray(values) ? values : []) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number') continue;
    const sinceMs = pair[0] * 1000 - from;
    const index = Math.round(sinceMs / stepMs);
    const isPoint = Math.abs(sinceMs - index * stepMs) <= 1;
    if (isPoint && index >= 0 && index < count) points[index] = toNumber(pair[1]);
  }
  return points;
}

function toSample(labels: Record<string, string>, value: unknown): VectorSample {
  return { labels, value: toNumber(value), text: cleanText(String(value)).slice(0, labelTextLimit) };
}

/** null for what JSON cannot hold: NaN, +Inf, -Inf. */
function toNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

function toLabels(labels: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(labels)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .slice(0, labelCountLimit)
    .map(([name, value]) => [cleanText(name).slice(0, 200), cleanText(value).slice(0, labelTextLimit)] as const);
  return Object.fromEntries(entries);
}

export function toPromqlRange(matrix: Matrix, range: MetricsRange, warnings: readonly string[]): PromqlAnswer {
  return { kind: 'range', range, ...matrix, warnings: [...warnings, ...matrix.warnings] };
}

const targetSchema = z.object({
  labels: labelsSchema,
  scrapePool: text(200),
  scrapeUrl: text(1000),
  lastError: text(),
  lastScrape: z.string().catch(''),
  lastScrapeDuration: z.number().nullable().catch(null),
  health: z.enum(['up', 'down', 'unknown']).catch('unknown'),
  scrapeInterval: z.string().catch(''),
});
const targetsSchema = z.object({
  activeTargets: list(targetSchema),
  droppedTargets: list(z.unknown()),
  droppedTargetCounts: z.record(z.string(), z.number()).catch({}),
});

const byHealth = ['down', 'unknown', 'up'];

export function readTargets(data: unknown): ScrapeTargets {
  const { activeTargets, droppedTargets, droppedTargetCounts } = targetsSchema.parse(data);
  const targets = activeTargets.map(
    (target): ScrapeTarget => ({
      job: target.labels.job ?? target.scrapePool,
      instance: target.labels.instance ?? '',
      url: withoutCredentials(target.scrapeUrl),
      health: target.health,
      lastScrapeAt: toTime(target.lastScrape),
      lastScrapeMs: target.lastScrapeDuration === null ? null : target.lastScrapeDuration * 1000,
      intervalMs: parseDuration(target.scrapeInterval),
      error: target.lastError,
    }),
  );
  const counted = Object.values(droppedTargetCounts).reduce((sum, count) => sum + count, 0);
  return {
    targets: targets.toSorted((a, b) => byHealth.indexOf(a.health) - byHealth.indexOf(b.health)).slice(0, targetLimit),
    targetCount: targets.length,
    droppedCount: Math.max(counted, droppedTargets.length),
  };
}

/** A URL may carry a user and a password, which nobody has to see. */
function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//');
}

const stateSchema = z.enum(['firing', 'pending', 'inactive']).catch('inactive');
const ruleSchema = z.object({
  type: z.string().catch(''),
  name: text(200),
  query: text(2000),
  duration: z.number().catch(0),
  state: stateSchema,
  lastError: text(),
  labels: labelsSchema,
  alerts: list(
    z.object({
      labels: labelsSchema,
      annotations: labelsSchema,
      state: stateSchema,
      activeAt: z.string().catch(''),
      value: text(64),
    }),
  ),
});
const rulesSchema = z.object({ groups: list(z.object({ name: text(200), rules: list(ruleSchema) })) });

const byState = ['firing', 'pending', 'inactive'];

/** Recording rules are left out: they are no alerts. */
export function readAlerts(data: unknown, at: number): Alerts {
  const rules = rulesSchema
    .parse(data)
    .groups.flatMap((group) => group.rules.map((rule) => ({ ...rule, group: group.name })))
    .filter(({ type }) => type === 'alerting');
  const alerts = rules.flatMap((rule) => rule.alerts.map((alert) => toAlert(rule, alert)));
  const count = (state: Alert['state']) => alerts.filter((alert) => alert.state === state).length;
  return {
    at,
    alerts: alerts.toSorted(firingFirst).slice(0, alertLimit),
    firingCount: count('firing'),
    pendingCount: count('pending'),
    rules: rules
      .map(({ name, group, query, state, duration, lastError }) => ({
        name,
        group,
        query,
        state,
        forMs: duration * 1000,
        error: lastError,
      }))
      .toSorted((a, b) => byState.indexOf(a.state) - byState.indexOf(b.state))
      .slice(0, alertLimit),
    ruleCount: rules.length,
    reason:
      rules.length > 0
        ? null
        : {
            code: 'metrics-absent',
            message: 'Prometheus has no alerting rule, so nothing can fire.',
            remedy: 'Write rules into a file and name it under rule_files in prometheus.yml.',
          },
  };
}

type Rule = z.infer<typeof ruleSchema>;

function toAlert(rule: Rule, { labels, annotations, state, activeAt, value }: Rule['alerts'][number]): Alert {
  const { alertname: _, severity, ...own } = labels;
  const said = annotations.summary ?? annotations.description ?? annotations.message;
  const listed = Object.entries(own)
    .map(([name, text]) => `${name}=${text}`)
    .join(' ');
  return {
    rule: rule.name,
    state,
    severity: severity ?? rule.labels.severity ?? null,
    summary: (said ?? listed).slice(0, 500),
    labels,
    activeAt: toTime(activeAt),
    value,
  };
}

function firingFirst(a: Alert, b: Alert): number {
  return byState.indexOf(a.state) - byState.indexOf(b.state) || (a.activeAt ?? 0) - (b.activeAt ?? 0);
}

/** Go writes year 1 for "never". */
function toTime(value: string): number | null {
  const at = Date.parse(value);
  return Number.isNaN(at) || at <= 0 ? null : at;
}

const texts = z.array(z.unknown()).transform((all) => all.filter((one) => typeof one === 'string'));

/** Names of metrics or labels, or values of a label. */
export function readTexts(data: unknown): string[] {
  return texts.parse(data);
}

const metadataSchema = z.record(z.string(), list(z.object({ type: text(20), help: text(200) })));

/** By metric its type and what it is. */
export function readMetadata(data: unknown): Map<string, string> {
  return new Map(
    Object.entries(metadataSchema.parse(data)).map(([metric, [first]]) => [
      metric,
      first ? `${first.type}: ${first.help}` : '',
    ]),
  );
}

const runtimeSchema = z.object({ startTime: z.string() });

/** Epoch ms at which it was started; null when it does not say, as others that speak its API. */
export function readStartTime(data: unknown): number | null {
  const runtime = runtimeSchema.safeParse(data);
  return runtime.success ? toTime(runtime.data.startTime) : null;
}

export function readVersion(data: unknown): string {
  return z.object({ version: text(40) }).safeParse(data).data?.version ?? '';
}
