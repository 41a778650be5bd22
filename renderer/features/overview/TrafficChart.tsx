import { memo, useMemo } from 'react';
import { Area } from 'recharts';
import type { Change } from '../../../app/contract/index.ts';
import { formatRate } from '../../components/format.ts';
import { TimeChart, type TimeMark } from '../../components/TimeChart.tsx';
import { useTimes } from '../../components/useTimes.ts';
import { type Mark, toMarks } from './marks.ts';
import classes from './TrafficChart.module.css';
import type { CoursePoint, TrafficCourse } from './trafficCourse.ts';

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

/** Drawn again when its figures change, not when its surroundings do: it is the dearest thing on the view. */
export const TrafficChart = memo(function TrafficChart({ course, hidden, changes }: TrafficChartProps) {
  const { points, from, to, unwatched } = course;
  const { clock } = useTimes();
  const marks = toMarks(changes, [from, to], clock);
  const readers = useSeriesReaders(course.names);
  const shown = [...readers].filter(([name]) => !hidden.has(name));
  return (
    <div className={classes.chart}>
      <TimeChart
        rows={points}
        from={from}
        to={to}
        unwatched={unwatched}
        marks={marks.map(toTimeMark)}
        format={String}
        axisWidth={34}
        minHeight={120}
        reader={<Reading names={shown.map(([name]) => name)} />}
      >
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
      </TimeChart>
    </div>
  );
});

const toTimeMark = ({ change, label, side }: Mark): TimeMark => ({
  key: change.id,
  at: change.at,
  level: change.level,
  label,
  position: side === 'left' ? 'insideTopRight' : 'insideTopLeft',
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

interface ReadingProps {
  names: readonly string[];
  /** Given by the chart. */
  active?: boolean;
  payload?: readonly { payload?: unknown }[];
}

function Reading({ names, active = false, payload = [] }: ReadingProps) {
  const { clock, zoneName } = useTimes();
  const point = payload[0]?.payload as CoursePoint | undefined;
  if (!active || !point) return null;
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
