// The frame of everything that shows data: title, source, age when late, and its four designed states.
import { type ReactNode, useId } from 'react';
import type { Problem } from '../../app/contract/index.ts';
import type { Live } from '../api/live.ts';
import { CopyReport } from './CopyReport.tsx';
import { EmptyState, type EmptyStateProps } from './EmptyState.tsx';
import classes from './Panel.module.css';
import type { Report } from './report.ts';
import { StaleAge } from './StaleAge.tsx';
import { StatusMark, StatusText } from './StatusMark.tsx';

export interface PanelFrameProps {
  title: ReactNode;
  /** Where the data comes from and which window it has, for example `last 60 s · gateway`. */
  source?: ReactNode;
  /** Beside the title: a legend, a filter. */
  actions?: ReactNode;
  /** At the far end: what changes how the panel shows its data. */
  tools?: ReactNode;
  /** Takes the height that is left, and scrolls inside. */
  fill?: boolean;
  /** Coloured border of what is out of order. */
  level?: 'degraded' | 'down' | undefined;
  /** Level of the heading in the page's outline. */
  heading?: 2 | 3;
  children: ReactNode;
  /** The data is not current: the moment it was. */
  staleSince?: number | null | undefined;
  /** What it shows, for others: then it can be copied as Markdown. */
  report?: (() => Report) | undefined;
  /** Epoch ms at which the data of the report was current; without it, now. */
  reportAt?: number | null | undefined;
}

/** A panel whose data is at hand. */
export function PanelFrame(props: PanelFrameProps) {
  const { title, source, actions, tools, fill = false, level, heading = 2, children, staleSince, report } = props;
  const id = useId();
  const Heading = heading === 2 ? 'h2' : 'h3';
  return (
    <section className={classes.panel} data-fill={fill || undefined} data-level={level} aria-labelledby={id}>
      <header className={classes.head}>
        <Heading id={id} className={classes.title}>
          {title}
        </Heading>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
        {staleSince ? (
          <span className={classes.age}>
            <StaleAge at={staleSince} />
          </span>
        ) : null}
        {source ? <small className={classes.source}>{source}</small> : null}
        {tools || report ? (
          <div className={classes.tools}>
            {report ? <CopyReport report={report} at={props.reportAt ?? null} /> : null}
            {tools}
          </div>
        ) : null}
      </header>
      <div className={classes.body}>{children}</div>
    </section>
  );
}

export interface PanelProps<T> extends Omit<PanelFrameProps, 'children' | 'staleSince' | 'report' | 'reportAt'> {
  live: Live<T>;
  /** Said instead of the content when there is nothing to show. */
  empty?: (EmptyStateProps & { when: (data: T) => boolean }) | undefined;
  /** Height of the loading state, in rows. */
  rows?: number;
  /** What it shows, for others. */
  report?: (data: T) => Report;
  children: (data: T) => ReactNode;
}

/** A panel on live data: `<Panel title="Routes" live={routes} source="gateway">{(table) => …}</Panel>`. */
export function Panel<T>({ live, empty, rows = 4, report, children, ...frame }: PanelProps<T>) {
  const { data } = live;
  return (
    <PanelFrame
      {...frame}
      staleSince={live.state === 'stale' ? live.at : null}
      report={report && data !== null ? () => report(data) : undefined}
      reportAt={live.at}
    >
      {toBody(live, empty, rows, children)}
    </PanelFrame>
  );
}

function toBody<T>(live: Live<T>, empty: PanelProps<T>['empty'], rows: number, children: (data: T) => ReactNode) {
  if (live.state === 'loading') return <PanelSkeleton rows={rows} />;
  if (live.state === 'failed') return <PanelFailure problem={live.problem} />;
  const content = empty?.when(live.data) ? <EmptyState {...empty} /> : children(live.data);
  if (live.state === 'live') return content;
  return (
    <>
      {live.problem ? <PanelNotice problem={live.problem} /> : null}
      <div className={classes.stale}>{content}</div>
    </>
  );
}

const SKELETON_WIDTHS = ['72%', '54%', '63%', '46%', '68%', '58%'];

/** The loading state: calm bars in place of rows. */
export function PanelSkeleton({ rows = 4 }: { rows?: number }) {
  return (
    <div className={classes.skeleton} role="status">
      <span className="heard">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity but their place
        <div key={row} className={classes.bar} style={{ width: SKELETON_WIDTHS[row % SKELETON_WIDTHS.length] }} />
      ))}
    </div>
  );
}

/** The failed state: what happened and what to do. */
export function PanelFailure({ problem, action }: { problem: Problem; action?: ReactNode }) {
  return (
    <div className={classes.failure} role="alert">
      <StatusMark level="down" label="failed" />
      <div>
        <p className={classes.problem}>{problem.message}</p>
        <p className={classes.remedy}>{problem.remedy}</p>
        <p className={classes.code}>{problem.code}</p>
        {action}
      </div>
    </div>
  );
}

function PanelNotice({ problem }: { problem: Problem }) {
  return (
    <div className={classes.notice} role="status">
      <StatusText level="degraded">
        {problem.message} <span className="dim">{problem.remedy}</span>
      </StatusText>
    </div>
  );
}
