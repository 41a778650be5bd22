// The search: words and a service, points over time and duration, and the traces as a table.
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { TraceSearch as Found, TraceQuery, TraceSourceView } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import type { Live } from '../../api/live.ts';
import { toLive } from '../../api/liveQuery.ts';
import { useLive } from '../../api/useLive.ts';
import { Button } from '../../components/Button.tsx';
import { CopyMarkdown } from '../../components/CopyReport.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Labelled, SelectField } from '../../components/Field.tsx';
import { FilterInput } from '../../components/FilterInput.tsx';
import { formatMs, formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { Toolbar } from '../../components/Toolbar.tsx';
import { useEnvironmentId } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import type { SharedRange } from '../metrics/useSharedRange.ts';
import { TraceScatter } from './TraceScatter.tsx';
import classes from './TracesView.module.css';
import { traceColumns } from './traceColumns.tsx';
import { parseTraceFilter, type TraceFilter, traceFilterHint, withError, withService } from './traceFilter.ts';
import { toListMarkdown } from './traceMarkdown.ts';

const TYPING_MS = 300;

export interface TraceSearchProps {
  shared: SharedRange;
  source: TraceSourceView | null;
}

export function TraceSearch({ shared, source }: TraceSearchProps) {
  const [search, change] = useViewSearch();
  // Not each letter is a question to Jaeger.
  const [words] = useDebouncedValue(search.filter ?? '', TYPING_MS);
  const filter = useMemo(() => parseTraceFilter(words), [words]);
  const { traceId } = filter;
  // An id is an address, not a search.
  useEffect(() => {
    if (traceId !== null) change({ trace: traceId, filter: null }, { push: true });
  }, [traceId, change]);
  const props = { filter, shared, source };
  return shared.isLive ? <NewestTraces {...props} /> : <TracesOfRange {...props} />;
}

interface AskedProps extends TraceSearchProps {
  filter: TraceFilter;
}

function NewestTraces(props: AskedProps) {
  const environment = useEnvironmentId();
  const live = useLive('traces.watch', { environment, query: props.filter.query, lengthMs: props.shared.length.ms });
  return <TraceResults {...props} live={live} />;
}

function TracesOfRange(props: AskedProps) {
  const environment = useEnvironmentId();
  const { from, to } = props.shared.range;
  const options = useTRPC().traces.search.queryOptions(
    { environment, query: props.filter.query, range: { from, to } },
    { staleTime: Number.POSITIVE_INFINITY, gcTime: 15_000 },
  );
  return <TraceResults {...props} live={toLive(useQuery(options))} />;
}

function TraceResults({ filter, source, live }: AskedProps & { live: Live<Found> }) {
  const [search, change] = useViewSearch();
  const words = search.filter ?? '';
  const open = (trace: string) => change({ trace }, { push: true });
  const found = live.data;
  const count = found ? `${formatQuantity(found.traces.length, 'trace')} · ` : '';
  return (
    <>
      <SearchBar words={words} filter={filter} services={found?.services ?? []} />
      <Panel
        fill
        title="Traces, newest first"
        source={`${count}${source?.kind === 'jaeger' ? 'jaeger' : 'host'}`}
        live={live}
        rows={10}
        tools={found ? <CopyMarkdown look="quiet" size="small" markdown={() => toListMarkdown(found, words)} /> : null}
      >
        {(current) =>
          current.traces.length === 0 ? (
            <NothingFound query={filter.query} onClear={() => change({ filter: null })} />
          ) : (
            <>
              <TraceScatter found={current} onOpen={open} />
              {current.notes.map((note) => (
                <p key={note} className={classes.note}>
                  {note}
                </p>
              ))}
              <DataTable
                label="Traces, newest first"
                columns={traceColumns}
                rows={current.traces}
                rowKey={({ traceId }) => traceId}
                onOpen={({ traceId }) => open(traceId)}
                virtual
              />
            </>
          )
        }
      </Panel>
    </>
  );
}

function SearchBar({ words, filter, services }: { words: string; filter: TraceFilter; services: readonly string[] }) {
  const [, change] = useViewSearch();
  const { service, error } = filter.query;
  const names = service === undefined || services.includes(service) ? services : [service, ...services];
  return (
    <Toolbar>
      <FilterInput
        value={words}
        onChange={(next) => change({ filter: next })}
        label="Filter the traces"
        placeholder={traceFilterHint}
      />
      <Labelled label="Service" inline>
        <SelectField
          className={classes.service}
          value={service ?? ''}
          onChoose={(name) => change({ filter: withService(words, name || null) })}
        >
          <option value="">any</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
      </Labelled>
      <Button look="toggle" aria-pressed={error} onClick={() => change({ filter: withError(words, !error) })}>
        Failed
      </Button>
      {filter.problem ? (
        <span role="status" className={classes.problem}>
          {filter.problem}
        </span>
      ) : null}
    </Toolbar>
  );
}

function NothingFound({ query, onClear }: { query: TraceQuery; onClear: () => void }) {
  const { minMs, maxMs, service, route, error, requestId } = query;
  const isNarrowed = [minMs, maxMs, service, route, requestId].some((one) => one !== undefined) || error;
  if (!isNarrowed) {
    return (
      <EmptyState
        title="No trace began in this time"
        next="Send a request through the gateway; its spans come a second or two later. Or show a longer time."
      />
    );
  }
  return (
    <EmptyState
      title="No trace in this time fits"
      next={
        minMs !== undefined && maxMs !== undefined && minMs > maxMs
          ? `None can take more than ${formatMs(minMs)} ms and less than ${formatMs(maxMs)} ms.`
          : 'Take away a word, or show a longer time.'
      }
      action={<Button onClick={onClear}>Show all</Button>}
    />
  );
}
