import { useQuery } from '@tanstack/react-query';
import { parseExchangeFilter } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import type { StreamState } from '../../api/useLive.ts';
import { Button } from '../../components/Button.tsx';
import { CopyReport } from '../../components/CopyReport.tsx';
import { Kbd } from '../../components/Kbd.tsx';
import { FilterField } from './FilterField.tsx';
import { toSeenValues, toSuggestions } from './filterSuggestions.ts';
import { toHar } from './harExport.ts';
import { SavedFilters } from './SavedFilters.tsx';
import { TrafficCounts } from './TrafficCounts.tsx';
import classes from './TrafficToolbar.module.css';
import { toTrafficTableReport } from './trafficReport.ts';
import { useTrafficStore } from './trafficStore.ts';

/** The newest ones say enough. */
const REPORTED = 40;

export interface TrafficToolbarProps {
  filter: string;
  onFilter: (filter: string) => void;
  stream: StreamState;
}

export function TrafficToolbar({ filter, onFilter, stream }: TrafficToolbarProps) {
  const isPaused = useTrafficStore((state) => state.holds.includes('paused'));
  const setHold = useTrafficStore((state) => state.setHold);
  const log = useTrafficStore((state) => state.log);
  const { data: host } = useQuery({ ...useTRPC().host.info.queryOptions(), staleTime: Number.POSITIVE_INFINITY });
  const exportHar = () => downloadJson('traffic.har', toHar(log.matching(), host?.version ?? ''));
  return (
    <div className={classes.toolbar}>
      <FilterField
        value={filter}
        onChange={onFilter}
        readSeen={() => toSeenValues(log.matching())}
        suggest={toSuggestions}
        readWord={readWord}
        findProblem={findProblem}
        label="Filter traffic"
        placeholder="Filter: status:5xx, route:…, ms>500, or text"
      />
      <SavedFilters filter={filter} onFilter={onFilter} />
      <span className={classes.grow} />
      <TrafficCounts stream={stream} />
      <Button
        aria-pressed={isPaused}
        onClick={() => setHold('paused', !isPaused)}
        title={isPaused ? 'Show what arrived meanwhile' : 'The table stands still; arrivals are kept'}
      >
        <span className={classes.verb}>{isPaused ? 'Resume' : 'Pause'}</span>{' '}
        <span className={classes.pauseKey}>
          <Kbd keys="space" />
        </span>
      </Button>
      <CopyReport
        report={() => toTrafficTableReport([...log.matching()].reverse().slice(0, REPORTED), filter)}
        at={null}
      />
      <Button onClick={exportHar} title="The rows that match, as an HTTP archive; without headers and bodies">
        Export HAR
      </Button>
    </div>
  );
}

const readWord = (word: string) => parseExchangeFilter(word).tokens[0];

function findProblem(filter: string): string | null {
  const token = parseExchangeFilter(filter).tokens.find(({ problem }) => problem !== null);
  return token ? `${token.raw} does not count: ${token.problem}` : null;
}

function downloadJson(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The browser has taken hold of the data by then.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
