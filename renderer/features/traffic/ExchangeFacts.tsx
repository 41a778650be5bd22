import type { BreakerState, ExchangeDetail, Level } from '../../../app/contract/index.ts';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { formatBytes, formatMs } from '../../components/format.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { toServiceName } from './exchangeStatus.ts';

const breakerLevels: Record<BreakerState, Level> = { closed: 'ok', 'half-open': 'degraded', open: 'down' };

/** Where the exchange went, and how much. */
export function ExchangeFacts({ exchange }: { exchange: ExchangeDetail }) {
  const { route, upstream, breaker, note, traceId } = exchange;
  const facts: (Fact | null)[] = [
    { name: 'At', value: <TimeText at={exchange.at} milliseconds /> },
    {
      name: 'Route',
      value: route ? (
        <>
          <ViewLink view="routes" search={{ route }}>
            {route}
          </ViewLink>
          {exchange.forwardedPath ? ` → ${exchange.forwardedPath}` : ''}
        </>
      ) : (
        'none matched'
      ),
      mono: true,
    },
    upstream
      ? {
          name: 'Upstream',
          value: (
            <>
              <ViewLink view="services" search={{ service: toServiceName(upstream) }}>
                {upstream}
              </ViewLink>
              {exchange.target ? ` (${exchange.target})` : ', not dialled'}
              {exchange.upstreamMs === null ? '' : `, first byte after ${formatMs(exchange.upstreamMs)} ms`}
            </>
          ),
          mono: true,
        }
      : null,
    note ? { name: 'Note', value: note } : null,
    breaker ? { name: 'Breaker then', value: <StatusText level={breakerLevels[breaker]}>{breaker}</StatusText> } : null,
    { name: 'Client', value: `${exchange.client} → ${exchange.host}, ${exchange.protocol}`, mono: true },
    {
      name: 'Bytes',
      value: `${formatBytes(exchange.requestBytes)} received, ${formatBytes(exchange.responseBytes)} answered`,
    },
    {
      name: 'Trace',
      value: (
        <ViewLink view="traces" search={{ trace: traceId }}>
          {traceId}
        </ViewLink>
      ),
      mono: true,
    },
    { name: 'Request', value: exchange.id, mono: true },
  ];
  return <FactList facts={facts} />;
}
