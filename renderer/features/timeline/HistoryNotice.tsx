import type { HistoryState } from '../../../app/contract/index.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import classes from './TimelineView.module.css';

/** Nothing while the history is kept; else since when it is not, why, and what helps. */
export function HistoryNotice({ history }: { history: HistoryState }) {
  if (history.state === 'kept') return null;
  return (
    <div className={classes.notice} role="status">
      <StatusText level="degraded">
        <b>
          Without history since <TimeText at={history.since} look="moment" />.
        </b>{' '}
        {history.problem?.message} <span className="dim">{history.problem?.remedy}</span>
      </StatusText>
    </div>
  );
}
