import { memo, useId, useMemo } from 'react';
import {
  Area,
  AreaChart,
  CartesianGrid,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Change } from '../../../app/contract/index.ts';
import { formatRate } from '../../components/format.ts';
import { useTimes } from '../../components/useTimes.ts';
import { toMarks } from './marks.ts';
import classes from './TrafficChart.module.css';
import type { CoursePoint, TrafficCourse } from './trafficCourse.ts';
import { findUnwatched } from './trafficCourse.ts';

export const ERRORS = 'errors';
export const seriesColours = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6'];

export function colourOf(name: string, names: readonly string[]): string {
  if (name === ERRORS) return 'var(--down)';
  return `var(${seriesColours[names.indexOf(name) % seriesColours.length] ?? '--series-1'})`;
}

export interface TrafficChartProps {
  course: TrafficCourse;
  hidden: ReadonlySet<string>;
  /** Marks on the time axis. */
  changes: readonly Change[];
}

/** Below this span minutes would repeat along the axis. */
const FINE_MS = 5 * 60_000;
const axis = { stroke: 'var(--line)', tick: { fill: 'var(--text-faint)', fontSize: 10.5 }, tickLine: false };

// The chart takes every new object or function for a changed setting and computes itself anew for each of them.
const MARGIN = { top: 14, right: 4, bottom: 0, left: 0 };
const FROM_FIRST_TO_LAST: ['dataMin', 'dataMax'] = ['dataMin', 'dataMax'];
const CURSOR = { stroke: 'var(--line-strong)' };

/** Drawn again when its figures change, not when its surroundings do: it is the dearest thing on the view. */
export const TrafficChart = memo(function TrafficChart({ course, hidden, changes }: TrafficChartProps) {
  const hatch = useId();
  const first = course.points[0]?.at ?? 0;
  const last = course.points.at(-1)?.at ?? 0;
  const { clock } = useTimes();
  const marks = toMarks(changes, [first, last], clock);
  const readers = useSeriesReaders(course.names);
  const shown = [...readers].filter(([name]) => !hidden.has(name));
  return (
    <div className={classes.chart}>
      <ResponsiveContainer width="100%" height="100%" minHeight={120}>
        <AreaChart data={course.points} margin={MARGIN} accessibilityLayer>
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
            domain={FROM_FIRST_TO_LAST}
            tickFormatter={(at: number) => (last - first < FINE_MS ? clock(at) : clock(at).slice(0, 5))}
            minTickGap={72}
            height={20}
          />
          <YAxis {...axis} axisLine={false} width={34} tickCount={4} tickFormatter={String} />
          <Tooltip
            content={({ active, payload }) =>
              active ? (
                <Reading point={payload[0]?.payload as CoursePoint | undefined} names={shown.map(([name]) => name)} />
              ) : null
            }
            cursor={CURSOR}
            isAnimationActive={false}
          />
          {shown.toReversed().map(([name, read]) => (
            <Area
              key={name}
              dataKey={read}
              name={name}
              stackId="requests"
              type="linear"
              stroke={colourOf(name, course.names)}
              strokeWidth={1.3}
              fill={colourOf(name, course.names)}
              fillOpacity={0.13}
              isAnimationActive={false}
              activeDot={false}
            />
          ))}
          {hidden.has(ERRORS) ? null : (
            <Area
              dataKey="errors"
              type="linear"
              stroke="var(--down)"
              strokeWidth={1.3}
              fill="var(--down)"
              fillOpacity={0.35}
              isAnimationActive={false}
              activeDot={false}
            />
          )}
          {findUnwatched(course.points).map(([from, to]) => (
            <ReferenceArea key={from} x1={from} x2={to} fill={`url(#${hatch})`} fillOpacity={0.7} />
          ))}
          {marks.map(({ change, label, side }) => (
            <ReferenceLine
              key={change.id}
              x={change.at}
              stroke={markColour(change)}
              strokeDasharray="2 2"
              label={{
                value: label,
                position: side === 'left' ? 'insideTopRight' : 'insideTopLeft',
                fill: markColour(change),
                fontSize: 10.5,
                offset: 4,
              }}
            />
          ))}
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
});

type SeriesReader = (point: CoursePoint) => number | null | undefined;

/** How each series is read from a point: the same functions for as long as the names are the same. */
function useSeriesReaders(names: readonly string[]): ReadonlyMap<string, SeriesReader> {
  const known = JSON.stringify(names);
  return useMemo(
    () =>
      new Map(
        (JSON.parse(known) as string[]).map((name): [string, SeriesReader] => [name, (point) => point.series[name]]),
      ),
    [known],
  );
}

function markColour(change: Change): string {
  return change.level === 'down' ? 'var(--down)' : 'var(--degraded)';
}

function Reading({ point, names }: { point: CoursePoint | undefined; names: readonly string[] }) {
  const { clock, zoneName } = useTimes();
  if (!point) return null;
  return (
    <div className={classes.reading}>
      <p className={classes.clock}>
        {clock(point.at)} {zoneName}
      </p>
      <dl>
        {names.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatRate(point.series[name])}</dd>
          </div>
        ))}
        <div className={classes.errors}>
          <dt>errors</dt>
          <dd>{formatRate(point.errors)}</dd>
        </div>
      </dl>
    </div>
  );
}
