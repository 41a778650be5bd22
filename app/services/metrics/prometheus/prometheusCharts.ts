// The fixed charts asked of a Prometheus: the first alternative of which there is any, else why there is none.
import type { Chart, ChartGroup, Charts, MetricsRange, ScrapeTargets } from '../../../contract/index.ts';
import { inTurns } from '../../stream/inTurns.ts';
import { alignRange, assembleChart, findGaps } from '../charts/assemble.ts';
import { type ChartDefinition, type ChartPart, findCharts } from '../charts/definitions.ts';
import { type PromqlFrame, toCoveragePromql, toMetricName, toPromql } from '../charts/plan.ts';
import type { GatewayScrapes } from './gatewayScrapes.ts';
import type { Matrix } from './prometheusAnswers.ts';
import type { PrometheusQueries } from './prometheusSource.ts';

/** Where Prometheus does not say how often it scrapes: its own default. */
const usualIntervalMs = 60_000;
/** A rate needs two scrapes, also where one fails, and is calmer over four. */
const scrapesOfRate = 4;
const askedAtOnce = 4;
const keptMs = 15_000;

interface Setting {
  readonly range: MetricsRange;
  readonly frame: PromqlFrame;
  readonly scrapes: GatewayScrapes;
  readonly targets: ScrapeTargets;
}

export function createPrometheusCharts(queries: PrometheusQueries, now: () => number) {
  const kept = new Map<string, { at: number; charts: Promise<Charts> }>();
  const answer = async (group: ChartGroup, range: MetricsRange): Promise<Charts> => {
    // Of several who wait for it the first may leave.
    const { signal } = new AbortController();
    const [targets, scrapes] = await Promise.all([queries.targets(signal), queries.gatewayScrapes(range, signal)]);
    const ofGateway = group === 'traffic' || group === 'gateway';
    const windowMs = Math.max(range.stepMs, scrapesOfRate * findInterval(targets, ofGateway));
    const frame = { matchers: ofGateway ? (scrapes.matchers ?? '') : '', windowMs, acrossJobs: !ofGateway };
    const setting = { range, frame, scrapes, targets };
    const charts = await inTurns(findCharts(group), askedAtOnce, (one) => toChart(queries, one, { setting, signal }));
    return { at: now(), range, charts };
  };
  /** Several windows that look at the same ask once. */
  return (group: ChartGroup, asked: MetricsRange): Promise<Charts> => {
    const range = alignRange(asked);
    const key = JSON.stringify([group, range]);
    for (const [old, { at }] of kept) if (now() - at > keptMs) kept.delete(old);
    const known = kept.get(key);
    if (known) return known.charts;
    const charts = answer(group, range);
    kept.set(key, { at: now(), charts });
    charts.catch(() => kept.delete(key));
    return charts;
  };
}

function findInterval({ targets }: ScrapeTargets, ofGateway: boolean): number {
  const concerned = targets.filter(({ job, instance }) => !ofGateway || /gateway/i.test(`${job} ${instance}`));
  const intervals = concerned.map(({ intervalMs }) => intervalMs).filter((ms) => ms !== null);
  return intervals.length > 0 ? Math.max(...intervals) : usualIntervalMs;
}

interface ChartContext {
  readonly setting: Setting;
  readonly signal: AbortSignal;
}

async function toChart(
  queries: PrometheusQueries,
  definition: ChartDefinition,
  { setting, signal }: ChartContext,
): Promise<Chart> {
  const { range, frame, scrapes } = setting;
  const isOfGateway = definition.group !== 'stores';
  const refusal = isOfGateway ? refuseGateway(scrapes, setting.targets) : null;
  if (refusal !== null) return toEmptyChart(definition, refusal, range);
  for (const parts of definition.alternatives) {
    const texts = parts.map(({ plan }) => toPromql(plan, frame));
    const matrices = await Promise.all(texts.map((query) => queries.range(query, range, signal)));
    if (matrices.every(({ series }) => series.length === 0)) continue;
    const isKnown = await findWatched(queries, parts, { setting, signal, matrices });
    return assembleChart(
      definition,
      { parts, series: matrices.map(({ series }) => series) },
      {
        source: 'prometheus',
        queries: texts,
        notes: isOfGateway ? scrapes.notes : [],
        unwatched: findGaps(isKnown, range),
        // There are series, and no value in any: no request in this time has no duration.
        reason: 'It was measured, and there was nothing of this in this time.',
      },
    );
  }
  return toEmptyChart(definition, sayMissing(definition, setting.targets), range);
}

/** Quantiles and shares have no value without a request, which is not the same as not having been scraped. */
async function findWatched(
  queries: PrometheusQueries,
  parts: readonly ChartPart[],
  { setting, signal, matrices }: ChartContext & { matrices: readonly Matrix[] },
): Promise<boolean[]> {
  const [first] = parts;
  const needsMore = first && (first.plan.kind === 'quantile' || first.plan.kind === 'share');
  const from = needsMore
    ? [await queries.range(toCoveragePromql(first.plan, setting.frame), setting.range, signal)]
    : matrices;
  const all = from.flatMap(({ series }) => series);
  const count = Math.max(0, ...all.map(({ values }) => values.length));
  return Array.from({ length: count }, (_, index) => all.some(({ values }) => (values[index] ?? null) !== null));
}

function toEmptyChart(definition: ChartDefinition, reason: string, { from, to }: MetricsRange): Chart {
  const [parts = []] = definition.alternatives;
  const unwatched = [{ from, until: to }];
  return assembleChart(
    definition,
    { parts, series: [] },
    { source: 'prometheus', queries: [], notes: [], unwatched, reason },
  );
}

function refuseGateway({ matchers, alternating }: GatewayScrapes, targets: ScrapeTargets): string | null {
  if (alternating.length > 0) {
    const where = alternating.slice(0, 3).join(', ');
    return `Behind ${where} several gateways answer in turn, so that nothing they count can be told apart. Let Prometheus find each one, for example by dns_sd_configs of type A.`;
  }
  if (matchers !== null) return null;
  const down = targets.targets.find(
    ({ job, instance, health }) => health === 'down' && /gateway/i.test(`${job} ${instance}`),
  );
  if (down) return `${down.instance} is not scraped: ${down.error || 'it is down'}.`;
  return 'Prometheus has scraped no gateway in this time; let it scrape /metrics on the data port of each.';
}

/** Why a chart of the stores is empty: nobody is asked for it, who is asked is down, or says nothing of it. */
export function sayMissing({ alternatives, target, remedy }: ChartDefinition, { targets }: ScrapeTargets): string {
  const metrics = [...new Set(alternatives.flat().map(({ plan }) => toMetricName(plan)))];
  const named = `Prometheus has none of ${metrics.join(', ')} in this time.`;
  const asked = targets.filter(({ job, instance }) => target?.test(job) || target?.test(instance));
  const down = asked.find(({ health }) => health === 'down');
  if (down) return `${down.instance} is down: ${down.error || 'it gives no reason'}. ${named}`;
  if (asked.length > 0) return `${named} ${asked[0]?.instance} is scraped and gives none of them.`;
  return `${named} ${remedy}`;
}

/** A few at a time, in their order: a view must not be what slows down a Prometheus. */
