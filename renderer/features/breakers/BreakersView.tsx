// What is tripped, why and until when; then the closed ones by trouble.
import { useLive } from '../../api/useLive.ts';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { useEnvironment, useEnvironmentId } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import classes from './BreakersView.module.css';
import {
  compareByTrouble,
  type TroubledBreaker,
  toBreakerFigures,
  toBreakerLevel,
  withoutNow,
} from './breakerFigures.ts';
import { ClosedBreakers } from './ClosedBreakers.tsx';
import { TrippedBreaker } from './TrippedBreaker.tsx';

export function BreakersView() {
  const environment = useEnvironmentId();
  const breakers = useLive('gateway.breakers', { environment });
  const { data: metrics } = useLive('metrics.routes', { environment });
  const { data: topology } = useLive('stack.topology', { environment });
  const { data: frame } = useEnvironment();
  const [search] = useViewSearch();

  const gatewayIsLost = frame !== null && frame.gateway.state === 'lost';
  const isKnown = breakers.state === 'live' && !gatewayIsLost;
  const all = (breakers.data ?? []).map((breaker): TroubledBreaker => {
    const seen = toBreakerFigures(breaker, metrics);
    const figures = isKnown ? seen : withoutNow(seen);
    return { breaker, isKnown, figures, level: toBreakerLevel(breaker, figures, isKnown) };
  });
  const tripped = all.filter(({ breaker }) => breaker.state !== 'closed').sort(compareByTrouble);
  const closed = all.filter(({ breaker }) => breaker.state === 'closed');
  const services = new Map(topology?.services.map((service) => [service.name, service]));

  return (
    <>
      <ViewHeader
        title="Breakers"
        note={breakers.data ? `${formatQuantity(all.length, 'upstream')} · the tripped first · gateway` : 'gateway'}
        actions={<CopyCommand command="gatehouse breakers" />}
      />
      {gatewayIsLost ? (
        <p className={classes.notice} role="status">
          <StatusText level="unknown">
            The gateway cannot be asked: below is what was last known.{' '}
            <span className="dim">{frame.gateway.problem?.remedy}</span>
          </StatusText>
        </p>
      ) : null}
      {tripped.map(({ breaker, figures, level }) => (
        <TrippedBreaker
          key={breaker.upstream}
          breaker={breaker}
          figures={figures}
          level={level}
          service={services.get(breaker.upstream) ?? null}
        />
      ))}
      <div className={classes.whole}>
        <Panel
          title="Closed"
          live={breakers}
          source="sorted by trouble every 10 s"
          rows={8}
          empty={{
            when: () => closed.length === 0,
            title: all.length === 0 ? 'The gateway has no upstreams' : 'No breaker is closed',
            next: all.length === 0 ? 'Its configuration names none.' : 'All of them are above.',
          }}
        >
          {() => <ClosedBreakers breakers={closed} highlighted={search.upstream ?? null} />}
        </Panel>
      </div>
    </>
  );
}
