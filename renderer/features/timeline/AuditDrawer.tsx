// One operation in full: who, what, under which guard, how it ended, and every request to an engine.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type AuditDetail, type AuditOutcome, type Level, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { Drawer } from '../../components/Drawer.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { formatMs, formatQuantity } from '../../components/format.ts';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import classes from './TimelineView.module.css';

export interface AuditDrawerProps {
  id: string;
  /** Changes when the entry did: an operation that ran has ended. */
  version: string;
  onClose: () => void;
}

export function AuditDrawer({ id, version, onClose }: AuditDrawerProps) {
  const query = useQuery(useTRPC().audit.detail.queryOptions({ id }));
  const { refetch } = query;
  const read = useRef(version);
  useEffect(() => {
    if (read.current === version) return;
    read.current = version;
    void refetch();
  }, [version, refetch]);
  return (
    <Drawer
      title={query.data?.operation ?? 'Operation'}
      meta={
        query.data ? (
          <StatusText level={outcomeLevels[query.data.outcome]}>{outcomeWords[query.data.outcome]}</StatusText>
        ) : null
      }
      onClose={onClose}
    >
      {query.isPending ? <PanelSkeleton rows={6} /> : null}
      {query.isError ? <PanelFailure problem={problemOf(query.error)} /> : null}
      {query.data ? <Detail entry={query.data} /> : null}
    </Drawer>
  );
}

const outcomeLevels: Record<AuditOutcome, Level> = {
  running: 'unknown',
  done: 'ok',
  refused: 'degraded',
  failed: 'down',
  cancelled: 'degraded',
  notFinished: 'down',
};

const outcomeWords: Record<AuditOutcome, string> = {
  running: 'running',
  done: 'done',
  refused: 'refused',
  failed: 'failed',
  cancelled: 'cancelled',
  notFinished: 'not finished',
};

function Detail({ entry }: { entry: AuditDetail }) {
  const left = entry.engineCallCount - entry.engineCalls.length;
  return (
    <div className={classes.drawer}>
      <p className={classes.lead}>{entry.summary}.</p>
      {entry.problem ? <PanelFailure problem={entry.problem} /> : null}
      <FactList facts={toFacts(entry)} />
      <section>
        <h3 className={classes.heading}>{formatQuantity(entry.engineCallCount, 'request')} to engines</h3>
        {entry.engineCalls.length > 0 ? (
          <DataTable
            label="Requests to engines"
            columns={callColumns}
            rows={toCallRows(entry)}
            rowKey={({ key }) => key}
          />
        ) : (
          <EmptyState title="No request was made to an engine" />
        )}
        {left > 0 ? <p className="dim">and {formatQuantity(left, 'more')}, counted and not kept</p> : null}
      </section>
    </div>
  );
}

function toFacts(entry: AuditDetail): (Fact | null)[] {
  return [
    { name: 'Who', value: `${entry.user} on ${entry.machine}, by ${entry.caller}` },
    { name: 'Where', value: entry.environment ?? 'the host as a whole', mono: true },
    { name: 'Begun', value: <TimeText at={entry.at} look="moment" /> },
    { name: 'Took', value: entry.finishedAt === null ? 'not ended' : `${formatMs(entry.finishedAt - entry.at)} ms` },
    { name: 'Class', value: entry.class },
    { name: 'Guard', value: entry.guard },
    entry.unlockReason === null ? null : { name: 'Unlocked for', value: entry.unlockReason },
    entry.input === '' ? null : { name: 'Input', value: entry.input, mono: true },
  ];
}

interface CallRow {
  key: string;
  method: string;
  path: string;
  status: number | null;
}

function toCallRows({ engineCalls }: AuditDetail): CallRow[] {
  return engineCalls.map((call, index) => ({ key: String(index), ...call }));
}

const callColumns: Column<CallRow>[] = [
  { id: 'method', header: 'Method', width: '76px', mono: true, cell: ({ method }) => method },
  { id: 'path', header: 'Path', mono: true, cell: ({ path }) => <span title={path}>{path}</span> },
  {
    id: 'status',
    header: 'Status',
    width: '96px',
    align: 'end',
    cell: ({ status }) =>
      status === null ? (
        <StatusText level="unknown">none</StatusText>
      ) : (
        <StatusText level={status < 400 ? 'ok' : 'down'}>{status}</StatusText>
      ),
  },
];
