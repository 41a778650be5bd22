// One line below the list: all it says, the lines around it, and where to go from here at its moment.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { LogLine } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button, buttonLook } from '../../components/Button.tsx';
import { CopyMarkdown } from '../../components/CopyReport.tsx';
import { FactList } from '../../components/FactList.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { GoToMenu } from '../../shell/GoToMenu.tsx';
import { around as aroundMoment } from '../../shell/pivot.ts';
import { useKeys } from '../../shell/useKeys.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { toPolledLive } from '../metrics/polledLive.ts';
import { LineText } from './LineText.tsx';
import classes from './LogDetail.module.css';
import list from './LogList.module.css';
import { LogRowView } from './LogRow.tsx';
import { toLogMarkdown } from './logMarkdown.ts';
import type { LogsQuery } from './logsQuery.ts';
import { toServiceColour } from './serviceColour.ts';

export interface LogDetailProps {
  environment: string;
  line: LogLine;
  onChange: (change: Partial<LogsQuery>) => void;
  onClose: () => void;
}

export function LogDetail({ environment, line, onChange, onClose }: LogDetailProps) {
  const [showsAround, setShowsAround] = useState(false);
  const around = useAround(environment, line, showsAround);
  useKeys({ Escape: onClose });
  return (
    <section className={classes.panel} aria-label="The selected line">
      <header className={classes.head}>
        <h2 className={classes.title}>
          <span style={{ color: toServiceColour(line.service) }}>{line.service}</span>{' '}
          <TimeText at={line.at || null} milliseconds />
        </h2>
        <span className="dim">
          {line.level ?? 'level not known'} · {line.stream} · {line.container}
        </span>
        <Button className={classes.close} look="quiet" size="small" onClick={onClose} title="Close (Esc)">
          Close
        </Button>
      </header>
      <div className={classes.body}>
        <div>
          <p className={classes.message}>
            <LineText text={line.message} styles={line.styles} hits={line.hits} piece={0} />
          </p>
          <Actions line={line} environment={environment} around={around.lines} onChange={onChange}>
            <Button size="small" aria-pressed={showsAround} onClick={() => setShowsAround(!showsAround)}>
              Lines around it
            </Button>
          </Actions>
          {showsAround ? <Around around={around} line={line} /> : null}
        </div>
        <Fields line={line} />
      </div>
    </section>
  );
}

function Fields({ line }: { line: LogLine }) {
  const { fields, text, message, traceId, requestId, cut, hits } = line;
  return (
    <div className={classes.fields}>
      <FactList
        facts={[
          traceId ? { name: 'Trace', value: traceId, mono: true } : null,
          requestId ? { name: 'Request', value: requestId, mono: true } : null,
          ...fields.map(([name, value], index) => ({
            name,
            value: <LineText text={value} hits={hits} piece={index + 1} />,
            mono: true,
          })),
          cut ? { name: 'Cut', value: 'the host keeps 16 KiB of a line', tone: 'dim' as const } : null,
        ]}
      />
      {text === message ? null : (
        <details>
          <summary>As it was written</summary>
          <pre className={classes.raw}>{text}</pre>
        </details>
      )}
    </div>
  );
}

/** So many lines of the same container before it, and after it. */
const AROUND = 20;

function useAround(environment: string, { container, service, stamp }: LogLine, isAsked: boolean) {
  const trpc = useTRPC();
  const filter = { services: [service], container };
  const page = (direction: 'older' | 'newer') => ({
    ...trpc.logs.page.queryOptions({ environment, filter, direction, cursor: stamp || null, limit: AROUND }),
    enabled: isAsked && stamp !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const before = toPolledLive(useQuery(page('older')));
  const after = toPolledLive(useQuery(page('newer')));
  const failed = before.state === 'failed' ? before : after.state === 'failed' ? after : null;
  return {
    isLoading: before.state === 'loading' || after.state === 'loading',
    problem: failed?.problem ?? null,
    lines: { before: before.data?.lines ?? [], after: after.data?.lines ?? [] },
  };
}

type AroundLines = ReturnType<typeof useAround>;

function Around({ around: { isLoading, problem, lines }, line }: { around: AroundLines; line: LogLine }) {
  if (line.stamp === '')
    return <p className="dim">The engine gave this line no time: what is around it is not known.</p>;
  if (problem) return <PanelFailure problem={problem} />;
  if (isLoading) return <PanelSkeleton rows={5} />;
  return <AroundList lines={[...lines.before, line, ...lines.after]} line={line} />;
}

function AroundList({ lines, line }: { lines: readonly LogLine[]; line: LogLine }) {
  const scroller = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = scroller.current;
    const row = element?.querySelector<HTMLElement>('[data-selected]');
    if (element && row) element.scrollTop = row.offsetTop - element.clientHeight / 2;
  }, []);
  return (
    <section
      ref={scroller}
      className={`${classes.around} ${list.plain}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard (WCAG 2.1.1)
      tabIndex={0}
      aria-label={`Lines of ${line.container} around it`}
    >
      {lines.map((one, index) => (
        <LogRowView
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines were read once
          key={index}
          row={{ kind: 'line', key: index, line: one === line ? one : { ...one, hits: [], isHit: false } }}
          origin="nothing"
          isSelected={one === line}
        />
      ))}
    </section>
  );
}

interface ActionsProps {
  environment: string;
  line: LogLine;
  around: AroundLines['lines'];
  onChange: (change: Partial<LogsQuery>) => void;
  children: ReactNode;
}

/** The charts of Metrics show the quarter of an hour around the line. */
const METRICS_AFTER_MS = 7.5 * 60_000;

function Actions({ environment, line, around, onChange, children }: ActionsProps) {
  const { traceId, at, service } = line;
  const small = buttonLook('normal', 'small');
  const until = String(Math.min(Date.now(), at + METRICS_AFTER_MS));
  const markdown = () => toLogMarkdown(line, [...around.before, line, ...around.after], environment);
  return (
    <div className={classes.actions}>
      {children}
      {traceId ? (
        <>
          <Button
            size="small"
            onClick={() => onChange({ trace: traceId, services: [], levels: [], search: '', at: null })}
          >
            Only this trace
          </Button>
          <ViewLink view="traces" search={{ trace: traceId }} {...small}>
            Open the trace
          </ViewLink>
          <ViewLink view="traffic" search={{ filter: `trace:${traceId}` }} {...small}>
            Its requests
          </ViewLink>
        </>
      ) : null}
      <ViewLink view="services" search={{ service }} {...small}>
        {service}
      </ViewLink>
      {at > 0 ? (
        <>
          <ViewLink view="metrics" search={{ range: '15m', until }} {...small}>
            Metrics then
          </ViewLink>
          <ViewLink view="logs" search={{ at: String(at) }} {...small}>
            All services then
          </ViewLink>
          <GoToMenu size="small" subject={{ kind: 'log', service, traceId }} moment={() => aroundMoment(at)} />
        </>
      ) : null}
      <CopyMarkdown
        size="small"
        markdown={markdown}
        title="The line, and those around it where they are shown, for a ticket"
      />
    </div>
  );
}
