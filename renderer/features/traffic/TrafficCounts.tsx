import type { Level } from '../../../app/contract/index.ts';
import type { StreamState } from '../../api/useLive.ts';
import { formatBytes, formatCount } from '../../components/format.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { useEnvironment } from '../../shell/environment.ts';
import classes from './TrafficToolbar.module.css';
import { type HoldReason, useTrafficStore } from './trafficStore.ts';

const holdReasons: Record<HoldReason, string> = {
  paused: 'The table stands still until you resume',
  pointer: 'The table stands still while you point at it',
  focus: 'The table stands still while a row has the focus',
  scrolled: 'The table stands still while you read below its start',
};

const streamWords: Record<StreamState['state'], [Level, string]> = {
  live: ['ok', 'live'],
  loading: ['unknown', 'connecting'],
  stale: ['unknown', 'interrupted'],
  failed: ['down', 'no stream'],
};

/** A stream without a gateway behind it brings nothing. */
function toStreamWords(state: StreamState['state'], gatewayIsLost: boolean): [Level, string] {
  return state === 'live' && gatewayIsLost ? ['unknown', 'gateway lost'] : streamWords[state];
}

/** What the table shows of what passed: matching, kept, held back, lost. */
export function TrafficCounts({ stream }: { stream: StreamState }) {
  const log = useTrafficStore((state) => state.log);
  useTrafficStore((state) => state.version);
  const hold = useTrafficStore((state) => state.holds[0]);
  const held = useTrafficStore((state) => state.held.length + state.heldDropped);
  const lost = useTrafficStore((state) => state.lost);
  const kept = useTrafficStore((state) => state.kept);
  const { data: frame } = useEnvironment();
  const [level, word] = toStreamWords(stream.state, frame?.gateway.state === 'lost');
  const isHeld = stream.state === 'live' && hold !== undefined;
  const shown = log.filter
    ? `${formatCount(log.matchingCount)} of ${formatCount(log.keptCount)} match`
    : `${formatCount(log.keptCount)} kept`;
  return (
    <span className={classes.counts}>
      <StatusMark level={isHeld ? 'unknown' : level} label="" />
      <span>
        {isHeld ? (
          <>
            <b title={holdReasons[hold]}>{hold === 'paused' ? 'paused' : 'held'}</b> · {formatCount(held)} new
          </>
        ) : (
          word
        )}{' '}
        · {shown}
        {kept ? (
          <span
            className={classes.capacity}
            title={`The gateway keeps ${formatCount(kept.exchanges)} exchanges; this window its newest 5 000`}
          >
            {' '}
            · {formatBytes(kept.bytes)} of {formatBytes(kept.capacityBytes)}
          </span>
        ) : null}
        {lost > 0 ? (
          <span className={classes.lost} title="They passed the gateway, but this window was too slow for them">
            {' '}
            · {formatCount(lost)} not seen
          </span>
        ) : null}
      </span>
    </span>
  );
}
