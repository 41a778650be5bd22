import { memo } from 'react';
import type { Level, LogLine } from '../../../app/contract/index.ts';
import { formatQuantity } from '../../components/format.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import classes from './LogView.module.css';
import type { LogRow } from './logBuffer.ts';
import { readLogText } from './logText.ts';

const marks: Partial<Record<string, Level>> = { error: 'down', warn: 'degraded' };

/** One line: when, how bad, what. */
export const LogRowView = memo(function LogRowView({ row, showContainer }: { row: LogRow; showContainer: boolean }) {
  if (row.kind === 'skipped') {
    return (
      <p className={classes.skipped}>
        – {formatQuantity(row.count, 'line')} not shown: they came faster than this window –
      </p>
    );
  }
  const { line } = row;
  const { message, fields } = readLogText(line.text);
  const word = line.level ?? (line.stream === 'stderr' ? 'stderr' : '');
  const mark = line.level ? marks[line.level] : undefined;
  return (
    <div className={classes.line} data-level={line.level ?? line.stream}>
      <span className={classes.time}>
        <TimeText at={line.at} milliseconds />
      </span>
      <span className={classes.level}>
        {mark ? <StatusMark level={mark} label="" /> : null}
        {word}
      </span>
      <span className={classes.text}>
        {showContainer ? <span className={classes.container}>{toShortContainer(line)} </span> : null}
        {message}
        {fields.map(([name, value]) => (
          <span key={name} className={classes.field}>
            {' '}
            {name}=<span className={classes.fieldValue}>{value}</span>
          </span>
        ))}
      </span>
    </div>
  );
});

/** `shop-platform-search-2` → `search-2`. */
function toShortContainer({ container, service }: LogLine): string {
  const place = container.lastIndexOf(service);
  return place > 0 ? container.slice(place) : container;
}
