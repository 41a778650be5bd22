import { useCallback, useState } from 'react';
import type { Chart, MetricsRange } from '../../../app/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PanelFrame } from '../../components/Panel.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { GoToMenu } from '../../shell/GoToMenu.tsx';
import { ChartLegend } from './ChartLegend.tsx';
import classes from './ChartPanel.module.css';
import { ChartTable } from './ChartTable.tsx';
import type { ChartMark } from './chartMarks.ts';
import { MetricsChart } from './MetricsChart.tsx';
import { formatMetric, unitWords } from './metricsFormat.ts';
import { findPoint, type Picking, toPointMoment } from './pickedPoint.ts';

export interface ChartPanelProps {
  chart: Chart;
  range: MetricsRange;
  marks: readonly ChartMark[];
  staleSince: number | null;
  /** Opens the chart's query where PromQL can be asked; null where it cannot. */
  onQuery: ((query: string) => void) | null;
}

/** One named chart: its lines or its table, the legend, and what it is made of. */
export function ChartPanel({ chart, range, marks, staleSince, onQuery }: ChartPanelProps) {
  const [asTable, setAsTable] = useState(false);
  const [hidden, toggle] = useHidden();
  const [picked, pick] = useState<number | null>(null);
  const { unit, series, seriesCount, source, title } = chart;
  const format = useCallback((value: number | null) => formatMetric(value, unit), [unit]);
  const [query] = chart.queries;
  const metrics = chart.metrics.join(', ');
  return (
    <PanelFrame
      title={title}
      source={`${unitWords[unit]} · ${source}`}
      staleSince={staleSince}
      tools={
        series.length > 0 ? (
          <Button look="quiet" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            Table
          </Button>
        ) : null
      }
    >
      {series.length === 0 ? (
        <EmptyState title="Nothing to draw" next={chart.reason} />
      ) : asTable ? (
        <ChartTable title={title} series={series} range={range} format={format} />
      ) : (
        <>
          <MetricsChart
            chart={chart}
            range={range}
            hidden={hidden}
            marks={marks}
            format={format}
            topOfNothing={unit === 'share' ? 0.01 : 1}
            picked={picked}
            onPick={pick}
          />
          {picked === null ? null : (
            <PickedMoment
              chart={chart}
              picking={{ at: picked, range, hidden }}
              format={format}
              onClose={() => pick(null)}
            />
          )}
          <ChartLegend series={series} range={range} hidden={hidden} onToggle={toggle} format={format} />
        </>
      )}
      <footer className={classes.footer}>
        {chart.notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
        {seriesCount > series.length ? (
          <p>
            {series.length} of {formatQuantity(seriesCount, 'series', 'series')}, the largest
          </p>
        ) : null}
        {query && onQuery ? (
          <button
            type="button"
            className={classes.metrics}
            title={`Ask in PromQL: ${query}`}
            onClick={() => onQuery(query)}
          >
            {metrics}
          </button>
        ) : (
          <p className={classes.metrics} title={metrics}>
            {metrics}
          </p>
        )}
      </footer>
    </PanelFrame>
  );
}

interface PickedMomentProps {
  chart: Chart;
  picking: Picking;
  format: (value: number | null) => string;
  onClose: () => void;
}

/** From a point of the chart to everything else at its moment. */
function PickedMoment({ chart, picking, format, onClose }: PickedMomentProps) {
  const { at, range } = picking;
  const point = findPoint(chart, picking);
  const subject = point?.subject ?? { kind: 'metric', route: null, upstream: null, service: null };
  return (
    <p className={classes.picked} role="status">
      <TimeText at={at} />
      <span className={classes.name}>{point ? `${point.name} ${format(point.value)}` : 'nothing is known there'}</span>
      <GoToMenu size="small" subject={subject} moment={() => toPointMoment(at, range)} />
      <Button look="quiet" size="small" onClick={onClose}>
        Close
      </Button>
    </p>
  );
}

/** Places of series that are not drawn. */
export function useHidden(): [hidden: ReadonlySet<number>, toggle: (place: number) => void] {
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const toggle = useCallback(
    (place: number) =>
      setHidden((now) => {
        const next = new Set(now);
        if (!next.delete(place)) next.add(place);
        return next;
      }),
    [],
  );
  return [hidden, toggle];
}
