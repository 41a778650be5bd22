import { memo, useEffect, useMemo } from 'react';
import { Line } from 'recharts';
import type { Chart, MetricsRange } from '../../../app/contract/index.ts';
import { TimeChart, type TimeMark } from '../../components/TimeChart.tsx';
import classes from './ChartPanel.module.css';
import { type ChartMark, toMarkLabels } from './chartMarks.ts';
import { toChartRows } from './chartRows.ts';
import { useCursor } from './cursor.ts';
import { strokeOf } from './seriesLook.ts';

export interface MetricsChartProps {
  chart: Pick<Chart, 'series' | 'unwatched'>;
  range: MetricsRange;
  /** Places of series that are not drawn. */
  hidden: ReadonlySet<number>;
  marks: readonly ChartMark[];
  format: (value: number) => string;
  /** Where the axis ends when every value is zero. */
  topOfNothing?: number;
  /** Alone in its view, it may be taller. */
  isTall?: boolean;
  /** Epoch ms of the moment that was picked. */
  picked?: number | null;
  /** A click, or Enter, at the moment under the cursor. */
  onPick?: (at: number) => void;
}

/** Drawn again when its figures change, not when the cursor moves. */
export const MetricsChart = memo(function MetricsChart(props: MetricsChartProps) {
  const { chart, range, hidden, marks, format, topOfNothing = 1, isTall = false, picked = null, onPick } = props;
  const { from, to, stepMs } = range;
  const rows = useMemo(() => toChartRows(chart.series, { from, to, stepMs }), [chart.series, from, to, stepMs]);
  const heights = useMemo(() => toHeights(rows, topOfNothing), [rows, topOfNothing]);
  const labels = toMarkLabels(marks, range);
  const readers = useReaders(chart.series.length);
  const pick = () => {
    const { at } = useCursor.getState();
    if (at !== null) onPick?.(at);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the chart within has the focus, its keys and its role
    <div
      className={classes.chart}
      data-tall={isTall || undefined}
      onClick={pick}
      onKeyDown={({ key }) => (key === 'Enter' ? pick() : undefined)}
    >
      <TimeChart
        rows={rows}
        from={from}
        to={to}
        unwatched={chart.unwatched}
        marks={[
          ...marks.map((mark) => toTimeMark(mark, labels.get(mark))),
          ...(picked === null ? [] : [toPickedMark(picked)]),
        ]}
        format={format}
        axisWidth={58}
        minHeight={110}
        heights={heights}
        syncId="metrics"
        reader={<CursorReader />}
      >
        {readers.map((read, place) =>
          hidden.has(place) ? null : (
            <Line
              // biome-ignore lint/suspicious/noArrayIndexKey: a series is its place
              key={place}
              dataKey={read}
              type="linear"
              {...strokeOf(place)}
              strokeWidth={1.4}
              dot={false}
              activeDot={false}
              isAnimationActive={false}
            />
          ),
        )}
      </TimeChart>
    </div>
  );
});

const toTimeMark = ({ entry }: ChartMark, label = ''): TimeMark => ({
  key: entry.id,
  at: entry.at,
  level: entry.level,
  label,
  position: 'top',
});

const toPickedMark = (at: number): TimeMark => ({ key: 'picked', at, level: 'ok', label: '▾', position: 'top' });

/** From zero on, unless something is below it. */
function toHeights(rows: readonly Row[], topOfNothing: number): [number | 'auto', number | 'auto'] {
  const known = rows.flatMap(({ values }) => values.filter((value) => value !== null));
  if (known.some((value) => value < 0)) return ['auto', 'auto'];
  return [0, known.some((value) => value > 0) ? 'auto' : topOfNothing];
}

type Row = { values: readonly (number | null)[] };

/** The same functions for as long as there are as many series. */
function useReaders(count: number) {
  return useMemo(() => Array.from({ length: count }, (_, place) => (row: Row) => row.values[place] ?? null), [count]);
}

/** Tells the legends where the cursor is, by pointer, keys, or on another chart. Shows nothing of its own. */
function CursorReader({ active, label }: { active?: boolean; label?: unknown }) {
  const point = useCursor((state) => state.point);
  const at = active && typeof label === 'number' ? label : null;
  useEffect(() => point(at), [at, point]);
  return null;
}
