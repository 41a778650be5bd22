// From the series of a chart's parts to the chart. Pure.
import type { Chart, ChartSeries, MetricsRange } from '../../../contract/index.ts';
import { cleanText } from '../../docker/styledText.ts';
import type { ChartDefinition, ChartPart } from './definitions.ts';
import { toMetricName } from './plan.ts';

export interface PartSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
}

/** More lines than this are no chart. */
const chartSeriesLimit = 40;
const nameLimit = 120;

export type ChartFrame = Pick<Chart, 'source' | 'queries' | 'notes' | 'unwatched' | 'reason'>;

/** `series[i]` are those of `parts[i]`. With something to draw there is no reason why not. */
export function assembleChart(
  { id, group, title, unit }: ChartDefinition,
  { parts, series }: { parts: readonly ChartPart[]; series: readonly (readonly PartSeries[])[] },
  frame: ChartFrame,
): Chart {
  const named = parts.flatMap((part, index) =>
    (series[index] ?? []).map((one): ChartSeries => ({ name: toName(part, one.labels), values: [...one.values] })),
  );
  const known = named.filter(({ values }) => values.some((value) => value !== null));
  const largest =
    known.length <= chartSeriesLimit ? known : known.toSorted((a, b) => sum(b) - sum(a)).slice(0, chartSeriesLimit);
  // By name, so that a line keeps its place, and its colour, from answer to answer; parts keep their own order.
  const drawn = parts.length > 1 ? largest : largest.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    id,
    group,
    title,
    unit,
    metrics: [...new Set(parts.map(({ plan }) => toMetricName(plan)))],
    ...frame,
    series: drawn,
    seriesCount: known.length,
    reason: known.length > 0 ? null : frame.reason,
  };
}

/** Values of the plan's labels, then what the part is called. */
function toName({ name, plan }: ChartPart, labels: Readonly<Record<string, string>>): string {
  const own = plan.by.map((label) => (Object.hasOwn(labels, label) ? labels[label] : '')).filter(Boolean);
  const text = [...own, name].filter(Boolean).join(' · ');
  return cleanText(text).slice(0, nameLimit) || 'all';
}

function sum({ values }: ChartSeries): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** Stretches of points at which nothing is known, reaching back to the point before them. */
export function findGaps(
  isKnown: readonly boolean[],
  { from, to, stepMs }: MetricsRange,
): { from: number; until: number }[] {
  const gaps: { from: number; until: number }[] = [];
  let since: number | null = null;
  for (let index = 0; index <= isKnown.length; index += 1) {
    const known = index === isKnown.length || isKnown[index] === true;
    if (!known) since ??= from + Math.max(0, index - 1) * stepMs;
    if (!known || since === null) continue;
    gaps.push({ from: since, until: Math.min(to, from + index * stepMs) });
    since = null;
  }
  return gaps;
}

/** The range on multiples of its step, so that all who look at about the same time ask the same. */
export function alignRange({ from, to, stepMs }: MetricsRange): MetricsRange {
  const end = Math.floor(to / stepMs) * stepMs;
  return { from: Math.min(end, Math.ceil(from / stepMs) * stepMs), to: end, stepMs };
}
