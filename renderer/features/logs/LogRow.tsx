import { type CSSProperties, memo } from 'react';
import type { Level, LogLine } from '../../../app/contract/index.ts';
import { formatQuantity } from '../../components/format.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { LineText } from './LineText.tsx';
import classes from './LogList.module.css';
import type { LogRow } from './logBuffer.ts';
import { toServiceColour } from './serviceColour.ts';

/** Which words stand before a line: of one service with several containers, of many services. */
export type OriginShown = 'nothing' | 'container' | 'service';

const marks: Partial<Record<string, Level>> = { error: 'down', warn: 'degraded' };

export interface LogRowViewProps {
  row: LogRow;
  origin: OriginShown;
  isSelected: boolean;
}

/** One line: when, how bad, who, what. */
export const LogRowView = memo(function LogRowView({ row, origin, isSelected }: LogRowViewProps) {
  if (row.kind === 'skipped') {
    return (
      <p className={classes.skipped}>
        – {formatQuantity(row.count, 'line')} not shown: they came faster than this window –
      </p>
    );
  }
  if (row.kind === 'away') {
    return (
      <p className={classes.away}>
        The engine could not be read from <TimeText at={row.from} /> to <TimeText at={row.to} />: what it did not keep
        of that time is missing
      </p>
    );
  }
  const { line } = row;
  const word = line.level ?? (line.stream === 'stderr' ? 'stderr' : '');
  const mark = line.level ? marks[line.level] : undefined;
  return (
    <div
      className={classes.line}
      data-level={line.level ?? line.stream}
      data-origin={origin}
      data-selected={isSelected || undefined}
    >
      <span className={classes.time}>
        <TimeText at={line.at || null} milliseconds />
      </span>
      <span className={classes.level}>
        {mark ? <StatusMark level={mark} label="" /> : null}
        {word}
      </span>
      {origin === 'nothing' ? null : (
        <span
          className={classes.origin}
          style={{ '--origin': toServiceColour(line.service) } as CSSProperties}
          title={line.container}
        >
          {toShortContainer(line, origin)}
        </span>
      )}
      <span className={classes.text}>
        {line.late ? <span className={classes.note}>late </span> : null}
        <span>
          <LineText text={line.message} styles={line.styles} hits={line.hits} piece={0} />
        </span>
        {line.fields.map(([name, value], index) => (
          <span key={name} className={classes.field}>
            {' '}
            {name}=
            <span className={classes.fieldValue}>
              <LineText text={value} hits={line.hits} piece={index + 1} />
            </span>
          </span>
        ))}
        {line.cut ? <span className={classes.note}> … cut at 16 KiB</span> : null}
      </span>
    </div>
  );
});

/** `shop-platform-search-2` → `search-2`, or `search` where it is the only one. */
function toShortContainer({ container, service }: LogLine, origin: OriginShown): string {
  const place = container.lastIndexOf(service);
  const short = place > 0 ? container.slice(place) : container;
  return origin === 'service' && short === `${service}-1` ? service : short;
}
