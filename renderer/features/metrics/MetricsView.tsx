// How does it trend? Charts over one shared time, any question in PromQL, and what Prometheus itself says of its work.
import { useEffect, useMemo } from 'react';
import type { ChartGroup, MetricsRange, MetricsSourceView } from '../../../app/contract/index.ts';
import type { Live } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { useEnvironmentId } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { Tabs } from '../services/Tabs.tsx';
import { useTimeline } from '../timeline/useTimeline.ts';
import { AlertsPanel } from './AlertsPanel.tsx';
import { ChartGrid } from './ChartGrid.tsx';
import { type ChartMarks, markedKinds, toChartMarks } from './chartMarks.ts';
import classes from './MetricsView.module.css';
import { PromqlPanel } from './PromqlPanel.tsx';
import { RangeBar } from './RangeBar.tsx';
import { TargetsPanel } from './TargetsPanel.tsx';
import { useSharedRange } from './useSharedRange.ts';

const groups: readonly { group: ChartGroup; label: string }[] = [
  { group: 'traffic', label: 'Traffic' },
  { group: 'gateway', label: 'Gateway' },
  { group: 'containers', label: 'Containers' },
  { group: 'stores', label: 'Stores' },
];

export function MetricsView() {
  const environment = useEnvironmentId();
  const [search, change] = useViewSearch();
  const shared = useSharedRange();
  const source = useLive('metrics.source', { environment });
  const alerts = useLive('metrics.alerts', { environment });
  const marks = useMarks(environment, shared.range);
  const canAsk = source.data?.withoutPromql === null;
  const onQuery = canAsk ? (query: string) => change({ show: 'promql', query }, { push: true }) : null;
  const firing = alerts.data?.firingCount ?? 0;

  return (
    <>
      <ViewHeader title="Metrics" note={toNote(source)} actions={<RangeBar {...shared} />} />
      <SourceLine source={source} />
      <Tabs
        label="Metrics"
        open={search.show ?? 'traffic'}
        onOpen={(show) => change({ show: show === 'traffic' ? null : show })}
        tabs={[
          ...groups.map(({ group, label }) => ({
            name: group,
            label,
            content: () => (
              <div className={classes.page}>
                <ChartGrid key={group} group={group} range={shared.range} marks={marks} onQuery={onQuery} />
              </div>
            ),
          })),
          {
            name: 'promql',
            label: 'PromQL',
            content: () => (
              <div className={classes.page}>
                {source.data ? <PromqlPanel source={source.data} shared={shared} marks={marks} /> : <PanelSkeleton />}
              </div>
            ),
          },
          {
            name: 'targets',
            label: <>Targets and alerts {firing > 0 ? <StatusText level="down">{firing}</StatusText> : null}</>,
            content: () => (
              <div className={classes.page}>
                <AlertsPanel live={alerts} />
                {canAsk ? <TargetsPanel /> : null}
              </div>
            ),
          },
        ]}
      />
    </>
  );
}

function toNote({ data }: Live<MetricsSourceView>): string {
  if (!data) return 'from where is not known yet';
  return data.kind === 'prometheus' ? data.detail : "the host's own scraper";
}

/** Why it is this source, where it is not a Prometheus that answers. */
function SourceLine({ source }: { source: Live<MetricsSourceView> }) {
  if (source.state === 'failed') return <PanelFailure problem={source.problem} />;
  const { data } = source;
  if (!data) return null;
  if (data.problem) {
    return (
      <p role="status">
        <StatusText level="down">
          <b>{data.problem.message}</b> <span className="dim">{data.problem.remedy}</span>
        </StatusText>
      </p>
    );
  }
  if (data.kind === 'prometheus') return null;
  return (
    <p role="status" className="dim">
      <StatusText level="unknown">
        {data.reason} The host measures itself: {data.detail}.
      </StatusText>
    </p>
  );
}

/** More than this is not read for marks: the newest are drawn, and there is room for few. */
const READ = 1000;

/** From the newest entries of the timeline, and older ones until they reach back to the beginning of the charts. */
function useMarks(environment: string, range: MetricsRange): ChartMarks {
  const { live, older } = useTimeline(environment, markedKinds);
  const log = live.data;
  const { ask } = older;
  const isShort =
    log !== null &&
    log.next !== null &&
    log.next.at > range.from &&
    log.entries.length < READ &&
    older.problem === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` is new at each render and asks once at a time
  useEffect(() => {
    if (isShort) ask();
  }, [isShort, log]);
  return useMemo(() => toChartMarks(log ?? { entries: [], unwatched: [] }, range), [log, range]);
}
