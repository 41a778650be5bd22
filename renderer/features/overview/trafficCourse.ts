// The course of requests and errors by route, for the chart and its table. Pure.
import { courseSpanMs, type RouteMetrics } from '../../../app/contract/index.ts';

/** More bands than this cannot be told apart: the rest is one. */
const MAX_SERIES = 3;
export const REST = 'other';

export interface CoursePoint {
  /** Epoch ms. */
  at: number;
  /** Requests per second by series; null where nobody watched. */
  series: Record<string, number | null>;
  errors: number | null;
}

export interface TrafficCourse {
  /** From the largest to the smallest, `other` last. */
  names: string[];
  points: CoursePoint[];
  /** The whole stretch that is drawn, epoch ms: a quarter of an hour, whether somebody watched or not. */
  from: number;
  to: number;
  /** Stretches in which nobody watched. */
  unwatched: { from: number; until: number }[];
}

export function toTrafficCourse({ routes, total, at }: Pick<RouteMetrics, 'routes' | 'total' | 'at'>): TrafficCourse {
  const sums = routes
    .map((route) => ({
      name: route.route,
      sum: route.samples.reduce((sum, sample) => sum + (sample.requestsPerSecond ?? 0), 0),
    }))
    .filter((route) => route.sum > 0)
    .toSorted((a, b) => b.sum - a.sum);
  // A rest of one route would hide its name for nothing.
  const kept = sums.length <= MAX_SERIES + 1 ? sums : sums.slice(0, MAX_SERIES);
  const names = kept.map((route) => route.name);
  const hasRest = sums.length > kept.length;
  const rates = new Map(
    routes.map((route) => [route.route, new Map(route.samples.map((sample) => [sample.at, sample.requestsPerSecond]))]),
  );

  const points = total.samples.map((sample): CoursePoint => {
    const series: Record<string, number | null> = {};
    for (const name of names) series[name] = rates.get(name)?.get(sample.at) ?? null;
    if (hasRest) {
      const rest = sums.slice(kept.length).map((route) => rates.get(route.name)?.get(sample.at) ?? null);
      series[REST] = rest.every((rate) => rate === null)
        ? null
        : rest.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
    }
    const { requestsPerSecond, errorShare } = sample;
    return { at: sample.at, series, errors: requestsPerSecond === null ? null : requestsPerSecond * (errorShare ?? 0) };
  });
  const to = points.at(-1)?.at ?? at;
  const from = Math.min(to - courseSpanMs, points[0]?.at ?? to);
  return { names: hasRest ? [...names, REST] : names, points, from, to, unwatched: toUnwatched(points, { from, to }) };
}

/** With the time before the first point, which nobody watched either. */
function toUnwatched(points: readonly CoursePoint[], { from, to }: { from: number; to: number }) {
  const first = points[0]?.at ?? to;
  const before = first > from ? [{ from, until: first }] : [];
  return [...before, ...findUnwatched(points)];
}

/** Stretches of time that nobody watched, reaching to the neighbours that were seen. */
export function findUnwatched(points: readonly CoursePoint[]): { from: number; until: number }[] {
  const found: { from: number; until: number }[] = [];
  let from: number | null = null;
  points.forEach((point, index) => {
    if (point.errors === null) from ??= points[index - 1]?.at ?? point.at;
    if (from === null || (point.errors === null && index < points.length - 1)) return;
    found.push({ from, until: point.at });
    from = null;
  });
  return found;
}
