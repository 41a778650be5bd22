import type { Connection } from '../../app/contract/index.ts';
import { StatusText } from '../components/StatusMark.tsx';
import { Since } from '../components/TimeText.tsx';
import classes from './ConnectionNotice.module.css';
import { useEnvironment } from './environment.ts';

/** Says on every view that the engine or the gateway is gone, why, and what to do; goes by itself when it is back. */
export function SourceNotice() {
  const { data, state } = useEnvironment();
  // Without the host nothing is known of the others.
  const lost = data && state === 'live' ? findLost(data.engine, data.gateway) : null;
  return (
    <div role="status" className={lost ? classes.notice : 'heard'}>
      {lost ? (
        <StatusText level="down">
          <b>{lost.source === 'engine' ? 'Engine' : 'Gateway'} lost</b>
          {lost.lastSeenAt === null ? null : (
            <>
              {' '}
              <span className="dim">for</span> <Since at={lost.lastSeenAt} />
            </>
          )}
          . {lost.problem?.message} <span className="dim">{lost.problem?.remedy}</span>
        </StatusText>
      ) : null}
    </div>
  );
}

/** A gateway mostly goes with its engine; the cause is said, not both. */
function findLost(engine: Connection, gateway: Connection): Connection | null {
  if (engine.state === 'lost') return engine;
  return gateway.state === 'lost' ? gateway : null;
}
