// One exchange below the table: where its time went, where it went, what was sent, and where to go from here.
import { useQuery } from '@tanstack/react-query';
import { type Exchange, type ExchangeDetail, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button, buttonLook } from '../../components/Button.tsx';
import { useCopied } from '../../components/CopyCommand.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { useKeys } from '../../shell/useKeys.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { toCurlCommand } from './curlCommand.ts';
import { ExchangeFacts } from './ExchangeFacts.tsx';
import classes from './ExchangePanel.module.css';
import { toServiceName, toStatusLevel, toStatusText } from './exchangeStatus.ts';
import { HeaderTable } from './HeaderTable.tsx';
import { StageWaterfall } from './StageWaterfall.tsx';

export interface ExchangePanelProps {
  environment: string;
  id: string;
  onClose: () => void;
}

export function ExchangePanel({ environment, id, onClose }: ExchangePanelProps) {
  const trpc = useTRPC();
  // What passed does not change.
  const query = useQuery({
    ...trpc.traffic.detail.queryOptions({ environment, id }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useKeys({ Escape: onClose });
  return (
    <section className={classes.panel} aria-label="The selected exchange">
      <header className={classes.head}>
        {query.data ? <Heading exchange={query.data} /> : <h2 className={classes.title}>{id}</h2>}
        <Button className={classes.close} look="quiet" size="small" onClick={onClose} title="Close (Esc)">
          Close
        </Button>
      </header>
      <div className={classes.body}>
        {query.isPending ? <PanelSkeleton rows={5} /> : null}
        {query.isError ? <PanelFailure problem={problemOf(query.error)} /> : null}
        {query.data ? <Detail exchange={query.data} /> : null}
      </div>
    </section>
  );
}

function Heading({ exchange }: { exchange: Exchange }) {
  const level = toStatusLevel(exchange.status);
  return (
    <>
      <h2 className={classes.title} title={`${exchange.method} ${exchange.path}`}>
        {exchange.method} {exchange.path}
      </h2>
      <StatusText level={level}>
        <b className={classes.status}>
          {toStatusText(exchange.status)} {exchange.code}
        </b>
      </StatusText>
      {exchange.demo ? <span className={classes.demo}>demo</span> : null}
      <small className={classes.ids} title={`trace ${exchange.traceId}, request ${exchange.id}`}>
        trace {shorten(exchange.traceId)} · request {shorten(exchange.id)}
      </small>
    </>
  );
}

/** `4bf92f35…4736`; short ids stay whole. */
function shorten(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}

function Detail({ exchange }: { exchange: ExchangeDetail }) {
  return (
    <>
      <div className={classes.columns}>
        <div>
          <StageWaterfall stages={exchange.stages} durationMs={exchange.durationMs} />
          <Actions exchange={exchange} />
        </div>
        <ExchangeFacts exchange={exchange} />
      </div>
      <div className={classes.headers}>
        <HeaderTable title="Request headers" headers={exchange.requestHeaders} />
        <HeaderTable title="Response headers" headers={exchange.responseHeaders} />
      </div>
    </>
  );
}

function Actions({ exchange }: { exchange: ExchangeDetail }) {
  const [copied, copy] = useCopied();
  return (
    <div className={classes.actions}>
      <Button onClick={() => copy(toCurlCommand(exchange))} title={toCurlCommand(exchange)}>
        <span className={classes.copyVerb} aria-live="polite">
          {copied ? 'Copied' : 'Copy as curl'}
        </span>
      </Button>
      <ViewLink view="traces" search={{ trace: exchange.traceId }} {...buttonLook()}>
        Its trace
      </ViewLink>
      <ViewLink view="routes" search={{ explain: `${exchange.method} ${exchange.path}` }} {...buttonLook()}>
        Explain this request
      </ViewLink>
      {exchange.upstream ? (
        <ViewLink view="services" search={{ service: toServiceName(exchange.upstream), tab: 'logs' }} {...buttonLook()}>
          Logs of {toServiceName(exchange.upstream)}
        </ViewLink>
      ) : null}
    </div>
  );
}
