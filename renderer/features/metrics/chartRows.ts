// The series of a chart as rows of points, for its lines and for its table. Pure.
import type { ChartSeries, MetricsRange } from '../../../app/contract/index.ts';

export interface ChartRow {
  /** Epoch ms. */
  at: number;
  /** By the place of the series, since names of others may be any text. */
  values: readonly (number | null)[];
}

export function toChartRows(
  series: readonly Pick<ChartSeries, 'values'>[],
  { from, to, stepMs }: MetricsRange,
): ChartRow[] {
  const rows: ChartRow[] = [];
  for (let at = from, index = 0; at <= to; at += stepMs, index += 1)
    rows.push({ at, values: series.map(({ values }) => values[index] ?? null) });
  return rows;
}

/** The last value that is known: the newest point is often not measured yet. */
export function findLast({ values }: Pick<ChartSeries, 'values'>): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

/** The value at a moment that is a point of the range; null where nothing is known. */
export function findAt(
  { values }: Pick<ChartSeries, 'values'>,
  at: number,
  { from, stepMs }: MetricsRange,
): number | null {
  return values[Math.round((at - from) / stepMs)] ?? null;
}

/** Series with their places, the largest over the whole time first: an order that moves slowly. */
export function toPlacesBySize<S extends Pick<ChartSeries, 'values'>>(
  series: readonly S[],
): { one: S; place: number }[] {
  const sizes = series.map(({ values }) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0));
  return series
    .map((one, place) => ({ one, place }))
    .toSorted((a, b) => (sizes[b.place] ?? 0) - (sizes[a.place] ?? 0) || a.place - b.place);
}
