import type { ChartGroup } from '../../../app/contract/index.ts';
import { PanelFailure, PanelFrame, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { useEnvironmentId } from '../../shell/environment.ts';
import { ChartPanel } from './ChartPanel.tsx';
import type { ChartMarks } from './chartMarks.ts';
import { MarkList } from './MarkList.tsx';
import classes from './MetricsView.module.css';
import { useCharts } from './useCharts.ts';
import type { SharedRange } from './useSharedRange.ts';

export interface ChartGridProps {
  group: ChartGroup;
  range: SharedRange['range'];
  marks: ChartMarks;
  onQuery: ((query: string) => void) | null;
}

const SKELETONS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** The charts of one group, all over the same time and with one cursor. */
export function ChartGrid({ group, range, marks, onQuery }: ChartGridProps) {
  const live = useCharts(useEnvironmentId(), group, range);
  if (live.state === 'loading') {
    return (
      <div className={classes.grid}>
        {SKELETONS.map((key) => (
          <PanelFrame key={key} title="Loading">
            <PanelSkeleton rows={6} />
          </PanelFrame>
        ))}
      </div>
    );
  }
  if (live.state === 'failed') {
    return (
      <PanelFrame title="Charts">
        <PanelFailure problem={live.problem} />
      </PanelFrame>
    );
  }
  const { charts, range: answered } = live.data;
  return (
    <>
      {live.problem ? (
        <p role="status">
          <StatusText level="degraded">
            {live.problem.message} <span className="dim">{live.problem.remedy}</span>
          </StatusText>
        </p>
      ) : null}
      <MarkList marks={marks} />
      <div className={classes.grid}>
        {charts.map((chart) => (
          <ChartPanel
            key={chart.id}
            chart={chart}
            range={answered}
            marks={marks.marks}
            staleSince={live.state === 'stale' ? live.at : null}
            onQuery={onQuery}
          />
        ))}
      </div>
    </>
  );
}
