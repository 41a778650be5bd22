import { formatQuantity } from '../../components/format.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import type { ChartMarks } from './chartMarks.ts';
import classes from './MetricsView.module.css';

/** What the numbered lines on the charts stand for; each leads to the timeline. */
export function MarkList({ marks: { marks, left, unwatched } }: { marks: ChartMarks }) {
  if (marks.length === 0 && unwatched.length === 0) return null;
  return (
    <ol className={classes.marks} aria-label="Marks on the charts">
      {unwatched.map(({ from, until }) => (
        <li key={from} className="dim">
          no console watched from <TimeText at={from} /> to <TimeText at={until} />: marks may be missing
        </li>
      ))}
      {left > 0 ? <li className="dim">{formatQuantity(left, 'earlier event')} without a mark</li> : null}
      {marks.map(({ number, entry }) => (
        <li key={entry.id} className={classes.mark} title={`${entry.subject} ${entry.text}`}>
          <span className={classes.number}>{number}</span>
          <StatusMark level={entry.level} />
          <ViewLink
            view="timeline"
            search={entry.operator ? { entry: entry.id } : { kind: entry.kind }}
            className={classes.markText}
          >
            <TimeText at={entry.at} /> <b>{entry.subject}</b> {entry.text}
          </ViewLink>
        </li>
      ))}
    </ol>
  );
}
