// The log of a service as it is written: follows the newest line, stands still when one scrolls up.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { LogRowView } from './LogRow.tsx';
import { LogToolbar } from './LogToolbar.tsx';
import classes from './LogView.module.css';
import { type Logs, useLogs } from './useLogs.ts';

const ROW_HEIGHT = 21;
const NEAR_END = 24;

export interface LogViewProps {
  environment: string;
  service: string;
  /** How many containers write into this log. */
  containers: number;
}

export function LogView({ environment, service, containers }: LogViewProps) {
  const logs = useLogs(environment, service);
  const [wrap, setWrap] = useState(false);
  const { stream, buffer } = logs;
  return (
    <div className={classes.view}>
      <LogToolbar logs={logs} wrap={wrap} onWrap={setWrap} />
      {stream.state === 'stale' ? (
        <p className={classes.notice} role="status">
          <StatusText level="unknown">
            The stream is interrupted; the lines below are the last ones known. {stream.problem?.message ?? ''}
          </StatusText>
        </p>
      ) : null}
      {buffer.rowCount > 0 ? (
        <LogLines logs={logs} wrap={wrap} showContainer={containers > 1} service={service} />
      ) : (
        <NoLines logs={logs} />
      )}
      {logs.isFollowing ? null : (
        <div className={classes.resume}>
          <Button look="primary" size="small" onClick={() => logs.setFollowing(true)}>
            {buffer.heldCount > 0 ? `Follow · ${formatQuantity(buffer.heldCount, 'new line')}` : 'Follow'}
          </Button>
        </div>
      )}
    </div>
  );
}

function NoLines({ logs: { stream, buffer, setFilter } }: { logs: Logs }) {
  if (buffer.keptCount > 0) {
    return (
      <EmptyState
        title="No line matches the filter"
        action={<Button onClick={() => setFilter({ text: '', onlyTrouble: false })}>Show all</Button>}
      />
    );
  }
  if (stream.state === 'failed' && stream.problem) return <PanelFailure problem={stream.problem} />;
  if (stream.state === 'loading') return <PanelSkeleton rows={10} />;
  return <EmptyState title="It has not written anything yet" next="Lines show up here as they are written." />;
}

interface LogLinesProps {
  logs: Logs;
  wrap: boolean;
  showContainer: boolean;
  service: string;
}

function LogLines({ logs, wrap, showContainer, service }: LogLinesProps) {
  const { buffer, isFollowing, setFollowing } = logs;
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const count = buffer.rowCount;
  const newest = buffer.findRow(count - 1)?.key;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
    getItemKey: (index) => buffer.findRow(index)?.key ?? index,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line, and each change of heights, moves the end
  useEffect(() => {
    const element = scroller.current;
    if (isFollowing && element) element.scrollTop = element.scrollHeight;
  }, [isFollowing, newest, count, wrap, virtualizer.getTotalSize()]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    // Only the reader scrolls up; new lines and new heights push down.
    if (element.scrollTop < lastTop.current && fromEnd > NEAR_END) setFollowing(false);
    else if (fromEnd <= 1) setFollowing(true);
    lastTop.current = element.scrollTop;
  };

  return (
    <section
      ref={scroller}
      className={classes.scroller}
      onScroll={onScroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard (WCAG 2.1.1)
      tabIndex={0}
      aria-label={`Log of ${service}`}
    >
      <div className={classes.lines} data-wrap={wrap || undefined} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = buffer.findRow(item.index);
          return row ? (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={classes.place}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogRowView row={row} showContainer={showContainer} />
            </div>
          ) : null;
        })}
      </div>
    </section>
  );
}
