// One trace: what it was, who took how much of its time, and its spans on one axis.
import { useMemo, useState } from 'react';
import type { Trace } from '../../../app/contract/index.ts';
import { useLive } from '../../api/useLive.ts';
import { Button, buttonLook } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { CopyMarkdown } from '../../components/CopyReport.tsx';
import { formatMs, formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { ServiceShares } from './ServiceShares.tsx';
import { SpanDrawer } from './SpanDrawer.tsx';
import { toTracePlaces } from './spanPlaces.ts';
import classes from './TraceView.module.css';
import { toMarkdown } from './traceMarkdown.ts';
import { useTrace } from './useTrace.ts';
import { Waterfall } from './Waterfall.tsx';
import { findAncestors, toServiceColours } from './waterfallRows.ts';

export function TraceView({ environment, traceId }: { environment: string; traceId: string }) {
  const [search, change] = useViewSearch();
  const live = useTrace(environment, traceId);
  const known = useKnownServices(environment);
  const { data: trace } = live;
  const selected = trace?.spans.find(({ id }) => id === search.span) ?? null;
  return (
    <>
      <div className={classes.page} data-beside={selected !== null || undefined}>
        <ViewHeader
          title={trace ? trace.summary.root.name : 'Trace'}
          note={trace ? <TraceFacts trace={trace} /> : <span className="mono">{traceId}</span>}
          actions={
            <Button size="small" onClick={() => change({ trace: null, span: null }, { push: true })}>
              All traces
            </Button>
          }
        />
        {trace ? <TraceActions trace={trace} known={known} /> : null}
        <Panel
          fill
          title="Where the time went"
          source={trace ? (trace.source === 'jaeger' ? 'jaeger' : 'host') : ''}
          live={live}
          rows={12}
          tools={
            <span className={classes.legend}>
              <i className={classes.critical} aria-hidden="true" /> critical path
            </span>
          }
        >
          {(data) => <TraceBody trace={data} selected={selected?.id ?? null} onSelect={(span) => change({ span })} />}
        </Panel>
      </div>
      {trace && selected ? (
        <SpanDrawer
          trace={trace}
          span={selected}
          environment={environment}
          known={known}
          onClose={() => change({ span: null })}
        />
      ) : null}
    </>
  );
}

function useKnownServices(environment: string): ReadonlySet<string> {
  const { data } = useLive('stack.topology', { environment });
  return useMemo(() => new Set(data?.services.map(({ name }) => name) ?? []), [data]);
}

function TraceFacts({ trace: { traceId, summary, spanCount } }: { trace: Trace }) {
  const { at, durationMs, errorCount, serviceCount, isPartial } = summary;
  return (
    <span className={classes.facts}>
      <span className="mono">{traceId}</span>
      <TimeText at={at} milliseconds />
      <b>{formatMs(durationMs)} ms</b>
      <span>
        {formatQuantity(spanCount, 'span')} of {formatQuantity(serviceCount, 'service')}
      </span>
      {errorCount > 0 ? <StatusText level="down">{errorCount} failed</StatusText> : null}
      {isPartial ? <StatusText level="unknown">not whole</StatusText> : null}
    </span>
  );
}

interface ActionsProps {
  trace: Trace;
  known: ReadonlySet<string>;
}

function TraceActions({ trace, known }: ActionsProps) {
  return (
    <div className={classes.actions}>
      {toTracePlaces(trace, known).map(({ label, view, search }) => (
        <ViewLink key={label} view={view} search={search} {...buttonLook('normal', 'small')}>
          {label}
        </ViewLink>
      ))}
      <CopyMarkdown size="small" markdown={() => toMarkdown(trace)} />
      <CopyCommand command={`gatehouse trace ${trace.traceId}`} />
    </div>
  );
}

interface BodyProps {
  trace: Trace;
  selected: string | null;
  onSelect: (span: string) => void;
}

/** Shorter than this share of the trace, nothing that ran could be missed. */
const GAP_SHARE = 0.01;

/** The time in which nothing ran, such as the wait in a queue; the axis shows where. */
function toGapNote({ gaps, summary }: Trace): string[] {
  const [longest, ...more] = gaps.filter(({ fromMs, toMs }) => toMs - fromMs > summary.durationMs * GAP_SHARE);
  if (!longest) return [];
  const others = more.length > 0 ? `, and ${formatQuantity(more.length, 'time')} more` : '';
  return [
    `No span ran for ${formatMs(longest.toMs - longest.fromMs)} ms from ${formatMs(longest.fromMs)} ms on${others}: time in a queue, or spans that are missing.`,
  ];
}

const nothing: ReadonlySet<string> = new Set();

function TraceBody({ trace, selected, onSelect }: BodyProps) {
  const [folded, setFolded] = useState(nothing);
  const colours = useMemo(() => toServiceColours(trace), [trace]);
  // A link may point at a span that was folded away.
  const shown = useMemo(() => {
    const ancestors = selected === null ? [] : findAncestors(trace.spans, selected);
    return ancestors.some((id) => folded.has(id))
      ? new Set([...folded].filter((id) => !ancestors.includes(id)))
      : folded;
  }, [folded, selected, trace.spans]);
  return (
    <>
      <ServiceShares trace={trace} colours={colours} />
      {[...trace.notes, ...toGapNote(trace)].map((note) => (
        <p key={note} className={classes.note}>
          {note}
        </p>
      ))}
      <Waterfall
        trace={trace}
        colours={colours}
        folded={shown}
        onFold={setFolded}
        selected={selected}
        onSelect={onSelect}
      />
    </>
  );
}
