// What is tripped, why and until when; then the closed ones by trouble.
import { useLive } from '../../api/useLive.ts';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { useEnvironmentId, useSourced } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import classes from './BreakersView.module.css';
import {
  compareByTrouble,
  type TroubledBreaker,
  toBreakerFigures,
  toBreakerLevel,
  withoutNow,
} from './breakerFigures.ts';
import { toClosedReport } from './breakersReport.ts';
import { ClosedBreakers } from './ClosedBreakers.tsx';
import { TrippedBreaker } from './TrippedBreaker.tsx';

export function BreakersView() {
  const environment = useEnvironmentId();
  const breakers = useSourced('gateway', useLive('gateway.breakers', { environment }));
  const { data: metrics } = useLive('metrics.routes', { environment });
  const { data: topology } = useLive('stack.topology', { environment });
  const [search] = useViewSearch();

  const isKnown = breakers.state === 'live';
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
          report={() => toClosedReport(closed)}
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
