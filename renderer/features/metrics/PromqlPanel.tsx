// Any question in PromQL: its course over the time of the view, or its values at one moment.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type MetricsSourceView, type PromqlAnswer, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PanelFailure, PanelFrame, PanelSkeleton } from '../../components/Panel.tsx';
import { toShellWord } from '../../components/shellWord.ts';
import { useEnvironmentId } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { ChartLegend } from './ChartLegend.tsx';
import { useHidden } from './ChartPanel.tsx';
import type { ChartMarks } from './chartMarks.ts';
import { MetricsChart } from './MetricsChart.tsx';
import { formatPlain } from './metricsFormat.ts';
import classes from './Promql.module.css';
import { PromqlField } from './PromqlField.tsx';
import { toSeriesName } from './promqlText.ts';
import type { SharedRange } from './useSharedRange.ts';

export interface PromqlPanelProps {
  source: MetricsSourceView;
  shared: SharedRange;
  marks: ChartMarks;
}

export function PromqlPanel({ source, shared, marks }: PromqlPanelProps) {
  const [search, change] = useViewSearch();
  const query = search.query ?? '';
  const isInstant = search.at === 'now';
  if (source.withoutPromql) {
    return (
      <PanelFrame title="PromQL" source="prometheus">
        <EmptyState title={source.withoutPromql.message} next={source.withoutPromql.remedy} />
      </PanelFrame>
    );
  }
  const range = isInstant ? '' : ` --range ${shared.length.name} --step ${shared.range.stepMs / 1000}s`;
  return (
    <PanelFrame
      title="PromQL"
      source="prometheus"
      tools={
        <>
          <Button look="quiet" size="small" aria-pressed={!isInstant} onClick={() => change({ at: null })}>
            Course
          </Button>
          <Button look="quiet" size="small" aria-pressed={isInstant} onClick={() => change({ at: 'now' })}>
            One moment
          </Button>
        </>
      }
    >
      <div className={classes.ask}>
        <PromqlField value={query} onRun={(next) => change({ query: next }, { push: true })} />
        {query === '' ? null : <CopyCommand command={`gatehouse metrics ${toShellWord(query)}${range}`} />}
      </div>
      {query === '' ? (
        <EmptyState
          title="Ask for anything that Prometheus has"
          next="Ctrl-Space completes names, labels and values; Enter runs the query, Shift-Enter begins a line."
        />
      ) : (
        <Answer query={query} isInstant={isInstant} shared={shared} marks={marks} />
      )}
    </PanelFrame>
  );
}

interface AnswerProps extends Omit<PromqlPanelProps, 'source'> {
  query: string;
  isInstant: boolean;
}

function Answer({ query, isInstant, shared: { range }, marks }: AnswerProps) {
  const environment = useEnvironmentId();
  const trpc = useTRPC();
  const input = isInstant ? { environment, query, at: range.to } : { environment, query, range };
  const { data, error } = useQuery({
    ...trpc.metrics.query.queryOptions(input),
    // A newer point of the same question; another question is not answered by the last one.
    placeholderData: (before, asked) =>
      asked && JSON.stringify(asked.queryKey).includes(JSON.stringify(query)) ? before : undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 15_000,
  });
  if (error) return <PanelFailure problem={problemOf(error)} />;
  if (!data) return <PanelSkeleton rows={6} />;
  return (
    <>
      {data.warnings.map((warning) => (
        <p key={warning} className={classes.warning}>
          {warning}
        </p>
      ))}
      {data.seriesCount === 0 ? (
        <EmptyState title="No series" next="Nothing has these names and labels in this time." />
      ) : data.kind === 'instant' ? (
        <Moment answer={data} />
      ) : (
        <Course answer={data} marks={marks} />
      )}
    </>
  );
}

/** More lines cannot be told apart; the table below has them all. */
const DRAWN = 24;

function Course({ answer, marks }: { answer: Extract<PromqlAnswer, { kind: 'range' }>; marks: ChartMarks }) {
  const [hidden, toggle] = useHidden();
  const series = useMemo(
    () => answer.series.slice(0, DRAWN).map(({ labels, values }) => ({ name: toSeriesName(labels), values })),
    [answer.series],
  );
  const chart = useMemo(() => ({ series, unwatched: [] }), [series]);
  return (
    <>
      <MetricsChart
        chart={chart}
        range={answer.range}
        hidden={hidden}
        marks={marks.marks}
        format={formatPlain}
        isTall
      />
      <ChartLegend series={series} range={answer.range} hidden={hidden} onToggle={toggle} format={formatPlain} isWide />
      <Cut shown={series.length} of={answer.seriesCount} verb="drawn" />
      <DataTable
        label="Series and their last values"
        columns={columns}
        rows={answer.series.map(({ labels, values }, index) => {
          const last = values.findLast((value) => value !== null) ?? null;
          return { key: String(index), name: toSeriesName(labels), text: formatPlain(last), value: last };
        })}
        rowKey={({ key }) => key}
      />
    </>
  );
}

function Moment({ answer }: { answer: Extract<PromqlAnswer, { kind: 'instant' }> }) {
  return (
    <>
      <DataTable
        label="Series and their values"
        columns={columns}
        rows={answer.samples.map(({ labels, value, text }, index) => ({
          key: String(index),
          name: toSeriesName(labels),
          text: value === null ? text : formatPlain(value),
          value,
        }))}
        rowKey={({ key }) => key}
      />
      <Cut shown={answer.samples.length} of={answer.seriesCount} verb="shown" />
    </>
  );
}

function Cut({ shown, of, verb }: { shown: number; of: number; verb: string }) {
  if (shown >= of) return null;
  return (
    <p className={classes.warning}>
      {shown} of {formatQuantity(of, 'series', 'series')} are {verb}
    </p>
  );
}

interface SeriesRow {
  key: string;
  name: string;
  text: string;
  value: number | null;
}

const columns: Column<SeriesRow>[] = [
  {
    id: 'series',
    header: 'Series',
    mono: true,
    sort: ({ name }) => name,
    cell: ({ name }) => <span title={name}>{name}</span>,
  },
  { id: 'value', header: 'Value', width: '140px', align: 'end', sort: ({ value }) => value, cell: ({ text }) => text },
];
