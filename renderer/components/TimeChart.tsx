// Figures over time: the axes, the grid, the time that nobody watched, and marks. What is drawn in it are its children.
import { type ReactElement, type ReactNode, useId, useMemo } from 'react';
import {
  CartesianGrid,
  ComposedChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Level } from '../../app/contract/index.ts';
import { useTimes } from './useTimes.ts';

export interface TimeMark {
  key: string;
  /** Epoch ms. */
  at: number;
  level: Level;
  /** Empty: the line alone. */
  label: string;
  position: 'top' | 'insideTopLeft' | 'insideTopRight';
}

export interface TimeChartProps {
  /** Each with its moment as `at`, epoch ms. */
  rows: readonly { at: number }[];
  from: number;
  to: number;
  unwatched: readonly { from: number; until: number }[];
  marks: readonly TimeMark[];
  format: (value: number) => string;
  axisWidth: number;
  minHeight: number;
  heights?: [number | 'auto', number | 'auto'];
  /** Charts with the same one share their cursor. */
  syncId?: string;
  /** What reads the values under the cursor. */
  reader: ReactElement;
  children: ReactNode;
}

/** Below this span minutes would repeat along the axis. */
const FINE_MS = 6 * 60_000;
const DAY_MS = 24 * 3_600_000;
const axis = { stroke: 'var(--line)', tick: { fill: 'var(--text-faint)', fontSize: 10.5 }, tickLine: false };
// The chart takes every new object or function for a changed setting and computes itself anew for each of them.
const MARGIN = { top: 14, right: 6, bottom: 0, left: 0 };
const CURSOR = { stroke: 'var(--line-strong)' };
const USUAL_HEIGHTS: [number, 'auto'] = [0, 'auto'];
const UNWATCHED_LABEL = {
  label: { value: 'not watched', position: 'insideBottom', fill: 'var(--text-faint)', fontSize: 10.5 },
} as const;
/** Below this share of the chart the words would stand over what was watched. */
const LABEL_SHARE = 0.2;
const isWide = ({ from, until }: { from: number; until: number }, span: number) => until - from > span * LABEL_SHARE;

const levelColours: Record<Level, string> = {
  ok: 'var(--text-faint)',
  degraded: 'var(--degraded)',
  down: 'var(--down)',
  unknown: 'var(--unknown)',
};

export function TimeChart(props: TimeChartProps) {
  const { rows, from, to, unwatched, marks, format, axisWidth, minHeight, syncId, reader, children } = props;
  const hatch = useId();
  const { clock } = useTimes();
  const domain = useMemo<[number, number]>(() => [from, to], [from, to]);
  const span = to - from;
  return (
    <ResponsiveContainer width="100%" height="100%" minHeight={minHeight}>
      <ComposedChart
        data={rows as { at: number }[]}
        margin={MARGIN}
        {...(syncId === undefined ? {} : { syncId })}
        syncMethod="value"
        accessibilityLayer
      >
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
        <YAxis
          {...axis}
          axisLine={false}
          width={axisWidth}
          tickCount={4}
          domain={props.heights ?? USUAL_HEIGHTS}
          tickFormatter={format}
        />
        <Tooltip content={reader} cursor={CURSOR} isAnimationActive={false} />
        {unwatched.map((gap) => (
          <ReferenceArea
            key={gap.from}
            x1={Math.max(from, gap.from)}
            x2={Math.min(to, gap.until)}
            fill={`url(#${hatch})`}
            fillOpacity={0.7}
            {...(isWide(gap, span) ? UNWATCHED_LABEL : {})}
          />
        ))}
        {children}
        {marks.map(({ key, at, level, label, position }) => (
          <ReferenceLine
            key={key}
            x={at}
            stroke={levelColours[level]}
            strokeDasharray="2 2"
            label={{
              value: label,
              position,
              fill: levelColours[level],
              fontSize: 10,
              offset: position === 'top' ? 2 : 4,
            }}
          />
        ))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
