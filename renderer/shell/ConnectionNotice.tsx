import { useConnection } from '../api/connection.ts';
import { StatusText } from '../components/StatusMark.tsx';
import { Since } from '../components/TimeText.tsx';
import classes from './ConnectionNotice.module.css';

/** Says that the host is away; goes by itself when it is back. */
export function ConnectionNotice() {
  const connection = useConnection((state) => state.connection);
  return (
    <div role="status" className={connection.state === 'lost' ? classes.notice : 'heard'}>
      {connection.state === 'lost' ? (
        <StatusText level="down">
          <b>Host lost, reconnecting</b> <span className="dim">for</span> <Since at={connection.since} />
          <span className="dim">
            . What is shown is the last known. Check that <code>gatehouse serve</code> runs.
          </span>
        </StatusText>
      ) : null}
    </div>
  );
}
