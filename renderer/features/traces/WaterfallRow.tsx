import { memo } from 'react';
import type { Span } from '../../../app/contract/index.ts';
import rowLook from '../../components/Rows.module.css';
import { StatusMark } from '../../components/StatusMark.tsx';
import { formatStageMs } from '../traffic/stageBars.ts';
import classes from './Waterfall.module.css';
import { type Bar, type WaterfallRow as Row, toBar } from './waterfallRows.ts';

export interface WaterfallRowProps {
  row: Row;
  index: number;
  totalMs: number;
  colour: string;
  /** Its stretches of the critical path. */
  critical: readonly Bar[] | undefined;
  isSelected: boolean;
  isTabStop: boolean;
}

/** Deeper ones stand below each other: a name has to have room. */
const DEEPEST_INDENT = 16;

export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps) {
  const { row, index, totalMs, colour, critical, isSelected, isTabStop } = props;
  const { span, hidden } = row;
  const hasChildren = span.childCount > 0;
  const bar = toBar(span.startMs, span.startMs + span.durationMs, totalMs);
  return (
    <tr
      data-key={span.id}
      className={`${rowLook.row} ${classes.row}`}
      data-selected={isSelected || undefined}
      aria-selected={isSelected}
      aria-level={span.depth + 1}
      aria-expanded={hasChildren ? hidden === 0 : undefined}
      aria-rowindex={index + 2}
      tabIndex={isTabStop ? 0 : -1}
    >
      <td className={classes.name}>
        <span className={classes.indent} style={{ width: Math.min(span.depth, DEEPEST_INDENT) * 14 }} />
        <span className={classes.fold} data-toggle={hasChildren || undefined} aria-hidden="true">
          {hasChildren ? (hidden > 0 ? '▸' : '▾') : ''}
        </span>
        {span.status === 'error' ? <StatusMark level="down" label="failed" /> : null}
        <i className={classes.swatch} style={{ background: colour }} aria-hidden="true" />
        <span className={classes.label} title={`${span.service}: ${span.name}`}>
          <b>{span.service}</b> {span.name}
          {hidden > 0 ? <span className="faint"> · {hidden} folded</span> : null}
          {span.isOrphan ? <span className="faint"> · parent missing</span> : null}
        </span>
      </td>
      <td className={classes.figure}>{formatStageMs(span.durationMs)}</td>
      <td className={classes.figure}>{formatStageMs(span.selfMs)}</td>
      <td>
        <span className={classes.track} aria-hidden="true">
          <i
            className={classes.bar}
            data-failed={span.status === 'error' || undefined}
            style={{ left: `${bar.left}%`, width: `${bar.width}%`, background: colour }}
          />
          {critical?.map(({ left, width }) => (
            <i key={left} className={classes.critical} style={{ left: `${left}%`, width: `${width}%` }} />
          ))}
          {span.rest?.events.map(({ startMs, name }, place) => (
            <i
              // biome-ignore lint/suspicious/noArrayIndexKey: events keep their places
              key={place}
              className={classes.event}
              style={{ left: `${toBar(startMs, startMs, totalMs).left}%` }}
              title={name}
            />
          ))}
        </span>
        <span className="heard">{toWords(span)}</span>
      </td>
    </tr>
  );
});

function toWords({ startMs, criticalMs, eventCount, error }: Span): string {
  return [
    `from ${formatStageMs(startMs)} ms on`,
    criticalMs > 0 && `${formatStageMs(criticalMs)} ms on the critical path`,
    eventCount > 0 && `${eventCount} events`,
    error,
  ]
    .filter(Boolean)
    .join(', ');
}
