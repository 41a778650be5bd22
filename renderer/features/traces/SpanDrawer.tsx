// One span beside the waterfall: its times, where to go from it, and everything that it says.
import { useQuery } from '@tanstack/react-query';
import { problemOf, type Span, type SpanAttribute, type SpanRest, type Trace } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { buttonLook } from '../../components/Button.tsx';
import { Drawer } from '../../components/Drawer.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { type Times, useTimes } from '../../components/useTimes.ts';
import { GoToMenu } from '../../shell/GoToMenu.tsx';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { formatStageMs } from '../traffic/stageBars.ts';
import classes from './SpanDrawer.module.css';
import { toSpanMoment, toSpanPlaces, toSpanSubject } from './spanPlaces.ts';

export interface SpanDrawerProps {
  trace: Trace;
  span: Span;
  environment: string;
  /** Services of the project. */
  known: ReadonlySet<string>;
  onClose: () => void;
}

export function SpanDrawer({ trace, span, environment, known, onClose }: SpanDrawerProps) {
  const { traceId } = trace;
  const { moment } = useTimes();
  const options = useTRPC().traces.span.queryOptions(
    { environment, traceId, spanId: span.id },
    { enabled: span.rest === null, staleTime: Number.POSITIVE_INFINITY },
  );
  const asked = useQuery(options);
  const rest = span.rest ?? asked.data ?? null;
  const whole = { ...span, rest };
  return (
    <Drawer title={span.name} meta={span.service} onClose={onClose} width="min(440px, 60vw)">
      <div className={classes.page}>
        <div className={classes.links}>
          {toSpanPlaces(whole, trace, known).map(({ label, view, search }) => (
            <ViewLink key={label} view={view} search={search} {...buttonLook('normal', 'small')}>
              {label}
            </ViewLink>
          ))}
          <GoToMenu
            size="small"
            subject={toSpanSubject(whole, trace, known)}
            moment={() => toSpanMoment(span, trace)}
          />
        </div>
        <FactList facts={toFacts(trace, span, moment)} align="start" />
        {rest ? <Rest rest={rest} /> : null}
        {asked.error ? <PanelFailure problem={problemOf(asked.error)} /> : null}
        {rest === null && !asked.error ? <PanelSkeleton rows={6} /> : null}
      </div>
    </Drawer>
  );
}

function toFacts({ summary }: Trace, span: Span, moment: Times['moment']): (Fact | null)[] {
  const { startMs, durationMs, selfMs, criticalMs, status, error, kind, skewMs, parentId, isOrphan } = span;
  const share = durationMs > 0 ? ` · ${Math.round((selfMs / durationMs) * 100)} % of it` : '';
  return [
    { name: 'Began', value: `${formatStageMs(startMs)} ms after the trace, ${moment(summary.at + startMs)}` },
    { name: 'Took', value: `${formatStageMs(durationMs)} ms` },
    { name: 'Itself', value: `${formatStageMs(selfMs)} ms without a child${share}` },
    {
      name: 'Critical path',
      value: criticalMs > 0 ? `${formatStageMs(criticalMs)} ms of its own` : 'nothing waited for its own work',
    },
    { name: 'Kind', value: kind },
    {
      name: 'Status',
      value:
        status === 'error' ? (
          <StatusText level="down">failed{error === null ? '' : `: ${error}`}</StatusText>
        ) : status === 'ok' ? (
          <StatusText level="ok">said to be fine</StatusText>
        ) : (
          'no failure was said'
        ),
    },
    skewMs === 0
      ? null
      : { name: 'Clock', value: `moved by ${formatStageMs(skewMs)} ms: it began before its parent`, tone: 'degraded' },
    { name: 'Span', value: span.id, mono: true },
    {
      name: 'Parent',
      value: parentId === null ? 'none, it is a root' : `${parentId}${isOrphan ? ', which has not come' : ''}`,
      mono: true,
    },
  ];
}

function Rest({ rest: { attributes, events, links, resource } }: { rest: SpanRest }) {
  return (
    <>
      <Attributes title="Attributes" attributes={attributes} />
      {events.length === 0 ? null : (
        <section>
          <h3 className={classes.heading}>Events</h3>
          <ol className={classes.events}>
            {events.map((event, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: events keep their places
              <li key={place}>
                <b>{event.name}</b> <span className="dim">{formatStageMs(event.startMs)} ms</span>
                <AttributeLines attributes={event.attributes} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {links.length === 0 ? null : <Links links={links} />}
      <Attributes title="Process" attributes={resource} />
    </>
  );
}

function Links({ links }: { links: SpanRest['links'] }) {
  const [search] = useViewSearch();
  return (
    <section>
      <h3 className={classes.heading}>Links to other traces</h3>
      <ul className={classes.events}>
        {links.map(({ traceId, spanId, attributes }) => (
          <li key={`${traceId} ${spanId}`}>
            <ViewLink view="traces" search={{ ...withoutSpan(search), trace: traceId, span: spanId }} className="mono">
              {traceId}
            </ViewLink>
            <AttributeLines attributes={attributes} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function withoutSpan(search: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { range, until } = search;
  return { ...(range ? { range } : {}), ...(until ? { until } : {}) };
}

function Attributes({ title, attributes }: { title: string; attributes: readonly SpanAttribute[] }) {
  return (
    <section>
      <h3 className={classes.heading}>{title}</h3>
      {attributes.length === 0 ? <p className="faint">none</p> : <AttributeLines attributes={attributes} />}
    </section>
  );
}

function AttributeLines({ attributes }: { attributes: readonly SpanAttribute[] }) {
  return (
    <dl className={classes.attributes}>
      {attributes.map(({ key, value }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a key may come twice
        <div key={place} className={classes.attribute}>
          <dt>{key}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
