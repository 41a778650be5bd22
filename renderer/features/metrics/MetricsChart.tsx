import { memo, useEffect, useId, useMemo } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Chart, MetricsRange } from '../../../app/contract/index.ts';
import { useTimes } from '../../components/useTimes.ts';
import classes from './ChartPanel.module.css';
import type { ChartMark } from './chartMarks.ts';
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
}

/** Below this span minutes would repeat along the axis. */
const FINE_MS = 6 * 60_000;
const DAY_MS = 24 * 3_600_000;
const axis = { stroke: 'var(--line)', tick: { fill: 'var(--text-faint)', fontSize: 10.5 }, tickLine: false };
// The chart takes every new object or function for a changed setting and computes itself anew for each of them.
const MARGIN = { top: 12, right: 6, bottom: 0, left: 0 };
const CURSOR = { stroke: 'var(--line-strong)' };
const levelColours = {
  ok: 'var(--text-faint)',
  degraded: 'var(--degraded)',
  down: 'var(--down)',
  unknown: 'var(--unknown)',
};

/** Drawn again when its figures change, not when the cursor moves. */
export const MetricsChart = memo(function MetricsChart(props: MetricsChartProps) {
  const { chart, range, hidden, marks, format, topOfNothing = 1, isTall = false } = props;
  const hatch = useId();
  const { from, to, stepMs } = range;
  const rows = useMemo(() => toChartRows(chart.series, { from, to, stepMs }), [chart.series, from, to, stepMs]);
  const heights = useMemo(() => toHeights(rows, topOfNothing), [rows, topOfNothing]);
  const readers = useReaders(chart.series.length);
  const domain = useMemo<[number, number]>(() => [from, to], [from, to]);
  const span = to - from;
  const { clock } = useTimes();
  return (
    <div className={classes.chart} data-tall={isTall || undefined}>
      <ResponsiveContainer width="100%" height="100%" minHeight={110}>
        <LineChart data={rows} margin={MARGIN} syncId="metrics" syncMethod="value" accessibilityLayer>
          <defs>
            <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <line x1="0" y1="0" x2="0" y2="6" stroke="var(--line-strong)" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            {...axis}
            dataKey="at"
            type="number"
            scale="time"
            domain={domain}
            tickFormatter={(at: number) => (span < FINE_MS ? clock(at) : clock(at).slice(0, 5))}
            minTickGap={span < DAY_MS ? 44 : 60}
            height={18}
          />
          <YAxis {...axis} axisLine={false} width={58} tickCount={4} domain={heights} tickFormatter={format} />
          <Tooltip content={<CursorReader />} cursor={CURSOR} isAnimationActive={false} />
          {chart.unwatched.map((gap) => (
            <ReferenceArea
              key={gap.from}
              x1={Math.max(from, gap.from)}
              x2={Math.min(to, gap.until)}
              fill={`url(#${hatch})`}
              fillOpacity={0.7}
            />
          ))}
          {marks.map(({ number, entry }) => (
            <ReferenceLine
              key={entry.id}
              x={entry.at}
              stroke={levelColours[entry.level]}
              strokeDasharray="2 2"
              label={{ value: number, position: 'top', fill: levelColours[entry.level], fontSize: 9, offset: 2 }}
            />
          ))}
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
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
});

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
