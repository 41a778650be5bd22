import { memo } from 'react';
import { type Exchange, toNote } from '../../../app/contract/index.ts';
import { formatCount, formatDuration, formatMs } from '../../components/format.ts';
import rowLook from '../../components/Rows.module.css';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { toStatusLevel, toStatusText } from './exchangeStatus.ts';
import classes from './TrafficTable.module.css';
import type { TrafficRow as Row } from './trafficLog.ts';

export interface TrafficRowProps {
  exchange: Exchange;
  isSelected: boolean;
  isTabStop: boolean;
  showRoute: boolean;
}

/** Drawn once: its place changes while traffic flows, its content does not. */
export const TrafficRow = memo(function TrafficRow(props: TrafficRowProps) {
  const { exchange, isSelected, isTabStop, showRoute } = props;
  const level = toStatusLevel(exchange.status);
  const note = toNote(exchange);
  return (
    <tr
      data-key={exchange.id}
      data-selected={isSelected || undefined}
      aria-current={isSelected ? 'true' : undefined}
      className={`${rowLook.row} ${classes.row}`}
      tabIndex={isTabStop ? 0 : -1}
    >
      <td className={classes.time}>
        <TimeText at={exchange.at} milliseconds />
      </td>
      <td className={classes.method}>{exchange.method}</td>
      <td className={classes.path} title={exchange.path}>
        {exchange.path}
      </td>
      {showRoute ? <td className={classes.route}>{exchange.route ?? 'no route'}</td> : null}
      <td className={classes.status} data-level={level}>
        <StatusText level={level}>{toStatusText(exchange.status)}</StatusText>
      </td>
      <td className={classes.duration}>{formatMs(exchange.durationMs)}</td>
      <td className={classes.note} title={exchange.note ?? undefined}>
        {exchange.demo ? <span className={classes.demo}>demo</span> : null}
        {exchange.replayOf ? <span className={classes.demo}>replay</span> : null}
        {note}
      </td>
    </tr>
  );
});

export function foldKey(run: number): string {
  return `fold-${run}`;
}

export interface FoldRowProps {
  row: Row & { kind: 'fold' };
  isTabStop: boolean;
  columns: number;
}

/** Stands for a run of alike refusals. */
export function FoldRow({ row, isTabStop, columns }: FoldRowProps) {
  const { count, oldest, newest, expanded } = row;
  const span = formatDuration(newest.at - oldest.at);
  return (
    <tr data-key={foldKey(row.run)} className={`${rowLook.row} ${classes.row}`} tabIndex={isTabStop ? 0 : -1}>
      <td colSpan={columns} className={classes.fold}>
        – {formatCount(count)} alike in {span}: {toStatusText(oldest.status)}, {oldest.code?.replaceAll('-', ' ')} –{' '}
        {/* Enter on the row does the same. */}
        <button type="button" className={classes.foldVerb} tabIndex={-1} aria-expanded={expanded}>
          {expanded ? 'fold' : 'expand'}
        </button>
      </td>
    </tr>
  );
}
