import type { StreamState } from '../../api/useLive.ts';
import { Button } from '../../components/Button.tsx';
import card from '../../components/Card.module.css';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { useEnvironment, useEnvironmentId } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { DiffPanel } from './DiffPanel.tsx';
import { ExchangePanel } from './ExchangePanel.tsx';
import { TrafficTable } from './TrafficTable.tsx';
import { TrafficToolbar } from './TrafficToolbar.tsx';
import { useTrafficStore } from './trafficStore.ts';
import { useFilterOfAddress, usePauseKey, useTrafficStream } from './useTraffic.ts';

export function TrafficView() {
  const environment = useEnvironmentId();
  const stream = useTrafficStream(environment);
  const [filter, setFilter] = useFilterOfAddress();
  const [search, changeSearch] = useViewSearch();
  const selected = search.exchange ?? null;
  const marked = search.with ?? null;
  const isCompared = selected !== null && marked !== null && marked !== selected;
  usePauseKey();
  return (
    <div className={card.page}>
      <h1 className="heard">Traffic</h1>
      <TrafficToolbar filter={filter} onFilter={setFilter} stream={stream} />
      <section className={card.card} aria-label="Exchanges" data-stale={stream.state === 'stale' || undefined}>
        <TrafficBody
          stream={stream}
          selected={selected}
          onSelect={(id) => changeSearch({ exchange: id })}
          onShowAll={() => setFilter('')}
        />
      </section>
      {isCompared ? (
        <DiffPanel
          key={`${marked} ${selected}`}
          environment={environment}
          left={marked}
          right={selected}
          onClose={() => changeSearch({ with: null })}
        />
      ) : null}
      {selected && !isCompared ? (
        <ExchangePanel
          key={selected}
          environment={environment}
          id={selected}
          marked={marked}
          onMark={(id) => changeSearch({ with: id })}
          onShow={(id) => changeSearch({ exchange: id, with: null })}
          onClose={() => changeSearch({ exchange: null, with: null })}
        />
      ) : null}
    </div>
  );
}

interface TrafficBodyProps {
  stream: StreamState;
  selected: string | null;
  onSelect: (id: string) => void;
  onShowAll: () => void;
}

function TrafficBody({ stream, selected, onSelect, onShowAll }: TrafficBodyProps) {
  const { data: frame } = useEnvironment();
  const keptCount = useTrafficStore((state) => state.log.keptCount);
  const matchingCount = useTrafficStore((state) => state.log.matchingCount);
  if (matchingCount > 0) return <TrafficTable selected={selected} onSelect={onSelect} />;
  if (keptCount > 0) {
    return (
      <EmptyState
        title="Nothing that is kept matches the filter"
        next="What arrives and matches shows up here."
        action={<Button onClick={onShowAll}>Show all</Button>}
      />
    );
  }
  // Without a gateway nothing is known of what passes: that is no empty list.
  if (frame?.gateway.problem) return <PanelFailure problem={frame.gateway.problem} />;
  if (stream.state === 'failed' && stream.problem) return <PanelFailure problem={stream.problem} />;
  if (stream.state === 'loading') return <PanelSkeleton rows={8} />;
  return (
    <EmptyState
      title="No request has passed the gateway yet"
      next="Send one through the gateway, or switch on Demo traffic in the bar above; it is there in the sandbox and in dev, and stops by itself."
    />
  );
}
