import { useMemo, useState } from 'react';
import type { Change, RouteMetrics } from '../../../app/contract/index.ts';
import type { Live } from '../../api/live.ts';
import { Button } from '../../components/Button.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { formatRate } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { TimeText, ZoneName } from '../../components/TimeText.tsx';
import { type Times, useTimes } from '../../components/useTimes.ts';
import { toTrafficReport } from './overviewReports.ts';
import { colourOf, ERRORS, TrafficChart } from './TrafficChart.tsx';
import classes from './TrafficPanel.module.css';
import { type CoursePoint, type TrafficCourse, toTrafficCourse } from './trafficCourse.ts';

/** Requests and errors by route over time, as a chart or as the same figures in a table. */
export function TrafficPanel({ metrics, changes }: { metrics: Live<RouteMetrics>; changes: readonly Change[] }) {
  const [asTable, setAsTable] = useState(false);
  const { clock } = useTimes();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const course = useMemo(() => (metrics.data ? toTrafficCourse(metrics.data) : null), [metrics.data]);
  const toggle = (name: string) =>
    setHidden((now) => {
      const next = new Set(now);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  return (
    <Panel
      title="Requests and errors by route"
      fill
      live={metrics}
      report={toTrafficReport}
      rows={5}
      source={`per second · ${sayOrigin(metrics.data, clock)}`}
      tools={
        <Button look="quiet" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          As table
        </Button>
      }
      empty={{
        when: (data) => data.total.samples.every((sample) => !sample.requestsPerSecond),
        title: 'No request passed in this time',
        next: 'Send one through the gateway, or switch on demo traffic in the top bar.',
      }}
    >
      {() => {
        if (!course) return null;
        return asTable ? (
          <CourseTable course={course} />
        ) : (
          <>
            <Legend course={course} hidden={hidden} onToggle={toggle} />
            <TrafficChart course={course} hidden={hidden} changes={changes} />
          </>
        );
      }}
    </Panel>
  );
}

/** Who measured, and who did before. */
function sayOrigin(metrics: RouteMetrics | null, clock: Times['clock']): string {
  const { source = 'gateway', backfill } = metrics ?? {};
  return backfill ? `${source}, until ${clock(backfill.until)} ${backfill.source}` : source;
}

interface LegendProps {
  course: TrafficCourse;
  hidden: ReadonlySet<string>;
  onToggle: (name: string) => void;
}

function Legend({ course, hidden, onToggle }: LegendProps) {
  return (
    <span className={classes.legend}>
      {[...course.names, ERRORS].map((name) => (
        <button
          key={name}
          type="button"
          className={classes.entry}
          aria-pressed={!hidden.has(name)}
          onClick={() => onToggle(name)}
          title={hidden.has(name) ? `Show ${name}` : `Hide ${name}`}
        >
          <span className={classes.swatch} style={{ background: colourOf(name, course.names) }} />
          {name}
        </button>
      ))}
    </span>
  );
}

function CourseTable({ course }: { course: TrafficCourse }) {
  const columns: Column<CoursePoint>[] = [
    {
      id: 'at',
      header: (
        <>
          Until, <ZoneName />
        </>
      ),
      width: '96px',
      cell: (point) => <TimeText at={point.at} />,
    },
    ...course.names.map(
      (name): Column<CoursePoint> => ({
        id: name,
        header: name,
        align: 'end',
        cell: (point) => formatRate(point.series[name]),
      }),
    ),
    { id: ERRORS, header: 'errors', align: 'end', cell: (point) => formatRate(point.errors) },
  ];
  return (
    <DataTable
      label="Requests and errors by route, per second"
      columns={columns}
      rows={course.points.toReversed()}
      rowKey={(point) => String(point.at)}
      virtual
    />
  );
}
