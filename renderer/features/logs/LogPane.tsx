// The lines of a question with all that belongs to them: notices, the list, the chosen line, and how far they reach.
import { useMemo, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { type Times, useTimes } from '../../components/useTimes.ts';
import { useEnvironment } from '../../shell/environment.ts';
import { LogDetail } from './LogDetail.tsx';
import classes from './LogList.module.css';
import { LogList } from './LogList.tsx';
import type { OriginShown } from './LogRow.tsx';
import type { LogBuffer } from './logBuffer.ts';
import { everything, type LogsQuery, toLogFilter } from './logsQuery.ts';
import { type LogsShown, type OlderLines, useFollowedLogs, useLogsAround } from './useLogs.ts';

export interface LogPaneProps {
  environment: string;
  query: LogsQuery;
  onChange: (change: Partial<LogsQuery>) => void;
  wrap: boolean;
  origin: OriginShown;
  label: string;
}

export function LogPane(props: LogPaneProps) {
  const { at } = props.query;
  // Another moment is another list.
  return at === null ? <FollowedPane {...props} /> : <PaneAround key={at} {...props} at={at} />;
}

function FollowedPane(props: LogPaneProps) {
  const filter = useMemo(() => toLogFilter(props.query), [props.query]);
  return <PaneOf {...props} logs={useFollowedLogs(props.environment, filter)} />;
}

function PaneAround({ at, ...props }: LogPaneProps & { at: number }) {
  const filter = useMemo(() => toLogFilter({ ...props.query, from: null, to: null }), [props.query]);
  return <PaneOf {...props} logs={useLogsAround(props.environment, filter, at)} />;
}

function PaneOf({ environment, query, onChange, wrap, origin, label, logs }: LogPaneProps & { logs: LogsShown }) {
  const { stream, buffer, unreadable, older } = logs;
  const [chosen, setChosen] = useState<{ buffer: LogBuffer; key: number } | null>(null);
  // Keys of another buffer are of other lines.
  const selected = chosen?.buffer === buffer ? chosen.key : null;
  const setSelected = (key: number | null) => setChosen(key === null ? null : { buffer, key });
  const row = selected === null ? undefined : buffer.findRow(buffer.findIndex(selected));
  return (
    <div className={classes.view}>
      {stream.state === 'stale' ? (
        <p className={classes.notice} role="status">
          <StatusText level="unknown">
            The stream is interrupted; the lines below are the last ones known. {stream.problem?.message ?? ''}
          </StatusText>
        </p>
      ) : null}
      {unreadable.length > 0 ? (
        <p className={classes.notice} role="status">
          <StatusText level="unknown">
            {formatQuantity(unreadable.length, 'log')} cannot be read: {unreadable[0]?.container},{' '}
            {unreadable[0]?.reason}
          </StatusText>
        </p>
      ) : null}
      {buffer.rowCount > 0 && stream.state !== 'failed' ? (
        <LogList
          logs={logs}
          wrap={wrap}
          origin={origin}
          label={label}
          selected={selected}
          onSelect={setSelected}
          head={<OlderHead older={older} />}
          startAt={query.at}
        />
      ) : (
        <NoLines logs={logs} query={query} onChange={onChange} />
      )}
      <Foot logs={logs} query={query} onChange={onChange} />
      {row?.kind === 'line' ? (
        <LogDetail
          key={row.key}
          environment={environment}
          line={row.line}
          onChange={onChange}
          onClose={() => setSelected(null)}
        />
      ) : null}
    </div>
  );
}

function OlderHead({ older: { reach, isAsked, problem, ask } }: { older: OlderLines }) {
  if (!reach) return null;
  return (
    <>
      {problem ? <StatusText level="down">{problem.message}</StatusText> : null}
      {reach.endedBy ? <span>{reach.endedBy}</span> : null}
      {reach.cursor ? (
        <Button size="small" onClick={ask} disabled={isAsked}>
          {isAsked ? 'Reading older lines…' : 'Older lines'}
        </Button>
      ) : reach.endedBy ? null : (
        <span>That is all that the engine keeps</span>
      )}
    </>
  );
}

interface PartProps {
  logs: LogsShown;
  query: LogsQuery;
  onChange: (change: Partial<LogsQuery>) => void;
}

function isFiltered({ search, showAll, levels, trace, from, to, at }: LogsQuery): boolean {
  return (search !== '' && !showAll) || levels.length > 0 || [trace, from, to, at].some((part) => part !== null);
}

function NoLines({ logs: { stream, older }, query, onChange }: PartProps) {
  const { data: frame } = useEnvironment();
  if (stream.state === 'failed' && stream.problem) return <PanelFailure problem={stream.problem} />;
  if (stream.state === 'loading' && frame?.engine.problem) return <PanelFailure problem={frame.engine.problem} />;
  if (stream.state === 'loading') return <PanelSkeleton rows={10} />;
  if (!isFiltered(query))
    return <EmptyState title="Nothing has been written yet" next="Lines show up here as they are written." />;
  const { reach, isAsked, ask } = older;
  const read = reach ? `${formatQuantity(reach.read, 'line')} were read. ` : '';
  return (
    <EmptyState
      title="No line matches"
      next={`${read}${reach?.cursor ? 'Older ones may match. ' : ''}What is written and matches shows up here.`}
      action={
        <>
          {reach?.cursor ? (
            <Button onClick={ask} disabled={isAsked}>
              {isAsked ? 'Reading older lines…' : 'Look further back'}
            </Button>
          ) : null}
          <Button onClick={() => onChange({ ...everything, services: query.services })}>Show all</Button>
        </>
      }
    />
  );
}

function toFollowWords({ to }: LogsQuery, moment: Times['moment']): string {
  return to === null ? 'following' : `until ${moment(to)}`;
}

/** Whether it follows, how much is there, and what narrows it besides the toolbar. */
function Foot({ logs: { buffer, stream, isFollowing, setFollowing }, query, onChange }: PartProps) {
  const { at, trace } = query;
  const { moment } = useTimes();
  const { data: frame } = useEnvironment();
  const isLive = stream.state === 'live' && frame?.engine.state !== 'lost';
  return (
    <footer className={classes.foot}>
      {at === null ? (
        <>
          {isLive && !isFollowing ? (
            <span>standing still</span>
          ) : (
            <StatusText level={isLive ? 'ok' : 'unknown'}>
              {isLive ? toFollowWords(query, moment) : stream.state === 'live' ? 'the engine is away' : 'not live'}
            </StatusText>
          )}
          {isFollowing ? null : (
            <Button look="primary" size="small" onClick={() => setFollowing(true)}>
              {buffer.heldCount > 0 ? `Follow · ${formatQuantity(buffer.heldCount, 'new line')}` : 'Follow'}
            </Button>
          )}
        </>
      ) : (
        <>
          <span>around {moment(at)}</span>
          <Button look="primary" size="small" onClick={() => onChange({ at: null })}>
            Follow
          </Button>
        </>
      )}
      {trace ? (
        <Button size="small" onClick={() => onChange({ trace: null })} title="Show lines of other traces too">
          trace {trace.slice(0, 8)}… ×
        </Button>
      ) : null}
      <span className={classes.grow} />
      <span role="status">{formatQuantity(buffer.lineCount, 'line')}</span>
    </footer>
  );
}
