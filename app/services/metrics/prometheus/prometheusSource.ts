// A Prometheus as a source of metrics: its own answers, on the points that were asked for, and never more than the limits.
import type { MetricsRange, ScrapeTargets } from '../../../contract/index.ts';
import { GatehouseError } from '../../../contract/index.ts';
import { toDuration } from '../charts/plan.ts';
import type { MetricsSource, PromqlRequest } from '../metricsSource.ts';
import { complete } from '../promql/complete.ts';
import { type CompletionContext, findCompletionContext } from '../promql/completionContext.ts';
import { chooseScrapes, type GatewayScrapes } from './gatewayScrapes.ts';
import {
  type Matrix,
  readAlerts,
  readMatrix,
  readMetadata,
  readTargets,
  readTexts,
  readVector,
  toPromqlRange,
  type Vector,
} from './prometheusAnswers.ts';
import { createPrometheusCharts } from './prometheusCharts.ts';
import type { PrometheusReach } from './prometheusReach.ts';

export interface PrometheusSourceOptions {
  reach: Pick<PrometheusReach, 'ask'>;
  /** Of the gateway's containers, how many run. */
  countGateways: () => number;
  now: () => number;
}

/** What charts and completion ask of a Prometheus, apart from how it is reached. */
export interface PrometheusQueries {
  instant(query: string, at: number, signal: AbortSignal): Promise<Vector>;
  range(query: string, range: MetricsRange, signal: AbortSignal): Promise<Matrix>;
  targets(signal: AbortSignal): Promise<ScrapeTargets>;
  gatewayScrapes(range: MetricsRange, signal: AbortSignal): Promise<GatewayScrapes>;
}

/** Prometheus gives up a moment before we do, so that it is not asked in vain. */
const queryTimeout = '14s';
/** Newer versions cut their lists at this; of older ones the answer is bounded in bytes. */
const listLimit = '5000';
const valueLimit = 512;

export function createPrometheusSource(options: PrometheusSourceOptions): MetricsSource {
  const { reach, now } = options;
  const queries = createQueries(options);
  return {
    charts: createPrometheusCharts(queries, now),
    async query({ query, range, at }: PromqlRequest, signal) {
      if (range) {
        const { data, warnings } = await reach.ask(toRangeCall(query, range), signal);
        return toPromqlRange(
          understood(() => readMatrix(data, range)),
          range,
          warnings,
        );
      }
      const { data, warnings } = await reach.ask(toInstantCall(query, at), signal);
      const vector = understood(() => readVector(data));
      return { kind: 'instant', at, ...vector, warnings: [...warnings, ...vector.warnings] };
    },
    completion: createCompletion(reach, now),
    targets: queries.targets,
    async alerts(signal) {
      const { data } = await reach.ask({ path: '/api/v1/rules' }, signal);
      return understood(() => readAlerts(data, now()));
    },
  };
}

function createQueries({ reach, countGateways }: PrometheusSourceOptions): PrometheusQueries {
  const instant: PrometheusQueries['instant'] = async (query, at, signal) => {
    const { data } = await reach.ask(toInstantCall(query, at), signal);
    return understood(() => readVector(data));
  };
  return {
    instant,
    async range(query, range, signal) {
      const { data } = await reach.ask(toRangeCall(query, range), signal);
      return understood(() => readMatrix(data, range));
    },
    async targets(signal) {
      const { data } = await reach.ask({ path: '/api/v1/targets', parameters: { state: 'active' } }, signal);
      return understood(() => readTargets(data));
    },
    async gatewayScrapes({ from, to }, signal) {
      const window = toDuration(Math.max(60_000, to - from));
      const isGateway = `and on (job, instance) last_over_time(gatehouse_gateway_build_info[${window}])`;
      const start = 'process_start_time_seconds';
      const [starts, setBacks] = await Promise.all([
        instant(`max by (job, instance) (last_over_time(${start}[${window}]) ${isGateway})`, to, signal),
        instant(`max by (job, instance) (resets(${start}[${window}]) ${isGateway})`, to, signal),
      ]);
      return chooseScrapes({ starts: starts.samples, setBacks: setBacks.samples, running: countGateways() });
    },
  };
}

function toInstantCall(query: string, at: number) {
  return {
    path: '/api/v1/query',
    isPost: true,
    parameters: { query, time: toSeconds(at), timeout: queryTimeout },
  };
}

function toRangeCall(query: string, { from, to, stepMs }: MetricsRange) {
  return {
    path: '/api/v1/query_range',
    isPost: true,
    parameters: {
      query,
      start: toSeconds(from),
      end: toSeconds(to),
      step: toSeconds(stepMs),
      timeout: queryTimeout,
    },
  };
}

/** As a decimal, which is exact where a binary fraction is not. */
function toSeconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new GatehouseError(
      {
        code: 'metrics-unreachable',
        message: 'What was answered is not understood: it does not have the shape of an answer of Prometheus.',
        remedy: 'Look at what the container of Prometheus runs.',
      },
      { cause: error },
    );
  }
}

const keptMs = 30_000;

function createCompletion({ ask }: Pick<PrometheusReach, 'ask'>, now: () => number): MetricsSource['completion'] {
  let names: { at: number; metrics: string[]; metadata: Map<string, string> } | undefined;
  const list = async (path: string, metric: string | null, signal: AbortSignal) => {
    const parameters = { limit: listLimit, ...(metric === null ? {} : { 'match[]': metric }) };
    const { data } = await ask({ path, parameters }, signal);
    return understood(() => readTexts(data)).filter((text) => text.length <= valueLimit);
  };
  const findNames = async (signal: AbortSignal) => {
    if (names && now() - names.at < keptMs) return names;
    const metrics = await list('/api/v1/label/__name__/values', null, signal);
    // Types and help are a courtesy: what is completed is there without them.
    const metadata = await ask({ path: '/api/v1/metadata', parameters: { limit_per_metric: '1' } }, signal).then(
      ({ data }) => understood(() => readMetadata(data)),
      () => new Map<string, string>(),
    );
    names = { at: now(), metrics, metadata };
    return names;
  };
  const nothing = { metrics: [], metadata: new Map<string, string>(), labels: [], values: [] };
  const look = async (context: CompletionContext, signal: AbortSignal) => {
    if (context.kind === 'expression') return { ...nothing, ...(await findNames(signal)) };
    if (context.kind === 'label') return { ...nothing, labels: await list('/api/v1/labels', context.metric, signal) };
    if (context.kind !== 'value') return nothing;
    const path = `/api/v1/label/${encodeURIComponent(context.label)}/values`;
    return { ...nothing, values: await list(path, context.metric, signal) };
  };
  return async (query, at, signal) => {
    const context = findCompletionContext(query, at);
    return complete(context, await look(context, signal));
  };
}
