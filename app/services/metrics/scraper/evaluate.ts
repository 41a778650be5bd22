// Answers a chart's plan from the host's own ring, as Prometheus would from its own. Pure.
import type { MetricsRange } from '../../../contract/index.ts';
import type { PartSeries } from '../charts/assemble.ts';
import type { Plan, Selection } from '../charts/plan.ts';
import { quantileMs } from '../quantile.ts';
import type { Looks, Ring, RingSeries } from './ring.ts';

/** Over which looks a point speaks; undefined where nobody looked. */
interface Span {
  /** Of a rate: the look before its window, and the one at its end. */
  readonly first: number;
  readonly last: number;
  readonly seconds: number;
}

export interface RingAnswer {
  readonly series: PartSeries[];
  /** By point: whether anybody looked. */
  readonly isWatched: boolean[];
}

/** A window of fewer looks than this would show each of them as a jump. */
const leastLooksOfRate = 4;
/** Less of a window than this share says nothing about the whole. */
const leastCoverage = 0.5;

export function evaluatePlan(plan: Plan, ring: Ring, range: MetricsRange): RingAnswer {
  const looks = ring.looks(range.from, range.stepMs);
  const isRate = plan.kind !== 'gauge' && plan.kind !== 'colour';
  const spans = toSpans(looks, range, isRate ? Math.max(range.stepMs, leastLooksOfRate * looks.stepMs) : 0);
  const isWatched = spans.map((span) => span !== undefined);
  const metric = plan.kind === 'quantile' ? `${plan.metric}_bucket` : plan.metric;
  const groups = groupBy(ring.series(looks, metric), plan.by);
  const series = groups.map(({ labels, members }) => ({
    labels,
    values: spans.map((span) => (span ? toValue(plan, members, { span, looks }) : null)),
  }));
  return { series, isWatched };
}

/** For each point the looks that its value is made of. */
function toSpans(looks: Looks, { from, to, stepMs }: MetricsRange, windowMs: number): (Span | undefined)[] {
  const spans: (Span | undefined)[] = [];
  let last = -1;
  for (let at = from; at <= to; at += stepMs) {
    while (last + 1 < looks.count && looks.timeOf(last + 1) <= at) last += 1;
    spans.push(toSpan(looks, { at, last, windowMs, freshMs: Math.max(stepMs, 2 * looks.stepMs) }));
  }
  return spans;
}

function toSpan(
  looks: Looks,
  { at, last, windowMs, freshMs }: { at: number; last: number; windowMs: number; freshMs: number },
): Span | undefined {
  if (last < 0 || at - looks.timeOf(last) > freshMs) return undefined;
  if (windowMs === 0) return { first: last, last, seconds: 0 };
  const isBefore = (look: number) =>
    look >= 0 && looks.stretchOf(look) === looks.stretchOf(last) && looks.timeOf(look) >= at - windowMs - looks.stepMs;
  let first = last;
  while (isBefore(first - 1) && looks.timeOf(first) > at - windowMs) first -= 1;
  const coveredMs = looks.timeOf(last) - looks.timeOf(first);
  return coveredMs >= windowMs * leastCoverage ? { first, last, seconds: coveredMs / 1000 } : undefined;
}

interface Place {
  readonly span: Span;
  readonly looks: Looks;
}

function toValue(plan: Plan, members: readonly RingSeries[], place: Place): number | null {
  const increase = (some: readonly RingSeries[]) => sumOf(some, (one) => toIncrease(one, place));
  switch (plan.kind) {
    case 'rate': {
      const grown = increase(members.filter((one) => isSelected(one, plan)));
      return grown === null ? null : grown / place.span.seconds;
    }
    case 'share': {
      const whole = increase(members);
      // None of them: what was selected has never been seen.
      const part = increase(members.filter((one) => isSelected(one, plan))) ?? 0;
      return whole ? part / whole : null;
    }
    case 'quantile':
      return toQuantile(plan.q, members, place);
    case 'gauge': {
      const values = members
        .filter((one) => isSelected(one, plan))
        .map((one) => one.at(place.span.last))
        .filter((value) => !Number.isNaN(value));
      if (values.length === 0) return null;
      return plan.take === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
    }
    case 'colour':
      return null;
  }
}

/** By the bounds of the buckets; `quantileMs` has no unit of its own. */
function toQuantile(q: number, members: readonly RingSeries[], place: Place): number | null {
  const upTo = new Map<number, number>();
  for (const one of members) {
    const bound = one.labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(one.labels.le);
    if (Number.isNaN(bound)) continue;
    upTo.set(bound, (upTo.get(bound) ?? 0) + (toIncrease(one, place) ?? 0));
  }
  const bounds = [...upTo.keys()].toSorted((a, b) => a - b);
  const counts = bounds.map(
    (bound, index) => (upTo.get(bound) ?? 0) - (upTo.get(bounds[index - 1] ?? Number.NaN) ?? 0),
  );
  return quantileMs(q, bounds.filter(Number.isFinite), counts);
}

/** null when it was not seen at the end, or not at the beginning although it was there before. */
function toIncrease(series: RingSeries, { span, looks }: Place): number | null {
  const end = series.at(span.last);
  const start = series.at(span.first);
  if (Number.isNaN(end)) return null;
  if (!Number.isNaN(start)) return end - start;
  return series.bornAt > looks.timeOf(span.first) ? end : null;
}

function sumOf<T>(items: readonly T[], read: (item: T) => number | null): number | null {
  const known = items.map(read).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function isSelected({ labels }: RingSeries, { match = {}, except = {} }: Selection): boolean {
  return (
    Object.entries(match).every(([label, values]) => values.includes(labels[label] ?? '')) &&
    Object.entries(except).every(([label, values]) => !values.includes(labels[label] ?? ''))
  );
}

function groupBy(series: readonly RingSeries[], by: readonly string[]) {
  const groups = new Map<string, { labels: Record<string, string>; members: RingSeries[] }>();
  for (const one of series) {
    const values = by.map((label) => one.labels[label] ?? '');
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? {
      labels: Object.fromEntries(by.map((label, index) => [label, values[index] ?? ''])),
      members: [],
    };
    group.members.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}
