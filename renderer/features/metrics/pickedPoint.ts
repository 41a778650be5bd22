// A moment that was picked on a chart: which series it is about, and where one goes from it. Pure.
import type { Chart, ChartSeries, MetricsRange } from '../../../app/contract/index.ts';
import { around, type PivotMoment, type PivotSubject } from '../../shell/pivot.ts';
import { findAt } from './chartRows.ts';

export interface PickedPoint {
  readonly name: string;
  readonly value: number;
  readonly subject: PivotSubject;
}

export interface Picking {
  /** Epoch ms, a point of the range. */
  readonly at: number;
  readonly range: MetricsRange;
  /** Places of series that are not drawn. */
  readonly hidden: ReadonlySet<number>;
}

/** The highest of what is drawn there: a peak is what one points at. undefined where nothing is known. */
export function findPoint(chart: Chart, { at, range, hidden }: Picking): PickedPoint | undefined {
  let found: { series: ChartSeries; value: number } | undefined;
  for (const [place, series] of chart.series.entries()) {
    const value = hidden.has(place) ? null : findAt(series, at, range);
    if (value !== null && (found === undefined || value > found.value)) found = { series, value };
  }
  if (!found) return undefined;
  return { name: found.series.name, value: found.value, subject: toSubject(chart, found.series) };
}

/** Series are called like what they are of; those of the gateway itself and of stores are of nothing that has a view. */
function toSubject({ id, group }: Chart, { name }: ChartSeries): PivotSubject {
  const nothing = { kind: 'metric', route: null, upstream: null, service: null } as const;
  if (id.startsWith('route-')) return { ...nothing, route: name };
  if (id.startsWith('upstream-')) return { ...nothing, upstream: name, service: name };
  // Replicas of one service are told apart by a number behind it.
  if (group === 'containers') return { ...nothing, service: name.split(' ')[0] ?? name };
  return nothing;
}

/** Two points of the chart on each side, or as much as there is around any moment. */
export function toPointMoment(at: number, { stepMs }: MetricsRange): PivotMoment {
  return around(at, { before: Math.max(120_000, 2 * stepMs), after: Math.max(60_000, 2 * stepMs) });
}
