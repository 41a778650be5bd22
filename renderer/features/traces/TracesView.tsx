// Where did the time go? Traces that fit, newest first; one of them as a waterfall.
import type { TraceSourceView } from '../../../app/contract/index.ts';
import type { Live } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';
import { PanelFailure } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { useEnvironmentId } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { RangeBar } from '../metrics/RangeBar.tsx';
import { useSharedRange } from '../metrics/useSharedRange.ts';
import { NoSource, StopListening } from './Listening.tsx';
import { TraceSearch } from './TraceSearch.tsx';
import { TraceView } from './TraceView.tsx';

export function TracesView() {
  const environment = useEnvironmentId();
  const [search] = useViewSearch();
  const { trace } = search;
  return trace ? <TraceView key={trace} environment={environment} traceId={trace} /> : <TraceList />;
}

function TraceList() {
  const environment = useEnvironmentId();
  const shared = useSharedRange();
  const source = useLive('traces.source', { environment });
  return (
    <>
      <ViewHeader
        title="Traces"
        note={source.data?.detail ?? 'from where is not known yet'}
        actions={<RangeBar {...shared} />}
      />
      <SourceLine source={source} />
      {source.data?.kind === 'none' && source.data.state === 'absent' ? (
        <NoSource source={source.data} />
      ) : (
        <TraceSearch shared={shared} source={source.data} />
      )}
    </>
  );
}

/** Why it is this source, where it is not a Jaeger that answers. */
function SourceLine({ source }: { source: Live<TraceSourceView> }) {
  if (source.state === 'failed') return <PanelFailure problem={source.problem} />;
  const { data } = source;
  if (!data || data.kind === 'none') return null;
  if (data.problem) {
    return (
      <p role="status">
        <StatusText level="down">
          <b>{data.problem.message}</b> <span className="dim">{data.problem.remedy}</span>
        </StatusText>
      </p>
    );
  }
  if (data.kind === 'jaeger') return null;
  return (
    <div role="status" className="dim">
      <StatusText level="unknown">{data.reason} The host keeps the spans that are sent to it, in memory.</StatusText>{' '}
      {data.canStop ? <StopListening /> : null}
    </div>
  );
}
