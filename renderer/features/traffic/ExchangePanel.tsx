// One exchange below the table: where its time went, where it went, what was sent, and where to go from here.
import { useQuery } from '@tanstack/react-query';
import { type Exchange, type ExchangeDetail, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { useCopied } from '../../components/CopyCommand.tsx';
import { CopyReport } from '../../components/CopyReport.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { GoToMenu } from '../../shell/GoToMenu.tsx';
import { around } from '../../shell/pivot.ts';
import { useKeys } from '../../shell/useKeys.ts';
import { saveFile } from '../posture/saveFile.ts';
import { toCurlCommand } from './curlCommand.ts';
import { ExchangeFacts } from './ExchangeFacts.tsx';
import classes from './ExchangePanel.module.css';
import { toServiceName, toStatusLevel, toStatusText } from './exchangeStatus.ts';
import { HeaderTable } from './HeaderTable.tsx';
import { toHar } from './harExport.ts';
import { ReplayButton } from './ReplayButton.tsx';
import { StageWaterfall } from './StageWaterfall.tsx';
import { toExchangeReport } from './trafficReport.ts';

export interface ExchangePanelProps {
  environment: string;
  id: string;
  /** The exchange that the next one is to be compared with. */
  marked: string | null;
  onMark: (id: string | null) => void;
  /** Another exchange is to be shown: a repetition of this one. */
  onShow: (id: string) => void;
  onClose: () => void;
}

export function ExchangePanel({ environment, id, marked, onMark, onShow, onClose }: ExchangePanelProps) {
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
        {query.data ? <CopyExchange exchange={query.data} /> : null}
        <Button className={classes.close} look="quiet" size="small" onClick={onClose} title="Close (Esc)">
          Close
        </Button>
      </header>
      <div className={classes.body}>
        {query.isPending ? <PanelSkeleton rows={5} /> : null}
        {query.isError ? <PanelFailure problem={problemOf(query.error)} /> : null}
        {query.data ? <Detail exchange={query.data} isMarked={marked === id} onMark={onMark} onShow={onShow} /> : null}
      </div>
    </section>
  );
}

function CopyExchange({ exchange }: { exchange: ExchangeDetail }) {
  return <CopyReport report={() => toExchangeReport(exchange)} at={exchange.at} />;
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
      {exchange.replayOf ? <span className={classes.demo}>replay</span> : null}
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

interface DetailProps extends Pick<ExchangePanelProps, 'onMark' | 'onShow'> {
  exchange: ExchangeDetail;
  isMarked: boolean;
}

function Detail(props: DetailProps) {
  const { exchange } = props;
  return (
    <>
      <div className={classes.columns}>
        <div>
          <StageWaterfall stages={exchange.stages} durationMs={exchange.durationMs} />
          <Actions {...props} />
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

function Actions({ exchange, isMarked, onMark, onShow }: DetailProps) {
  const [copied, copy] = useCopied();
  const { data: host } = useQuery({ ...useTRPC().host.info.queryOptions(), staleTime: Number.POSITIVE_INFINITY });
  const saveHar = () => saveFile(`${exchange.id}.har`, JSON.stringify(toHar([exchange], host?.version ?? ''), null, 2));
  return (
    <div className={classes.actions}>
      <Button onClick={() => copy(toCurlCommand(exchange))} title={toCurlCommand(exchange)}>
        <span className={classes.copyVerb} aria-live="polite">
          {copied ? 'Copied' : 'Copy as curl'}
        </span>
      </Button>
      <ReplayButton exchange={exchange} onSent={onShow} />
      <Button
        aria-pressed={isMarked}
        onClick={() => onMark(isMarked ? null : exchange.id)}
        title="The next exchange that you open is compared with this one"
      >
        {isMarked ? 'Open another to compare' : 'Compare with…'}
      </Button>
      <Button onClick={saveHar} title="With what was kept of headers and bodies; what was redacted is named">
        Save HAR
      </Button>
      <GoToMenu
        subject={{
          kind: 'request',
          id: exchange.id,
          method: exchange.method,
          path: exchange.path,
          route: exchange.route,
          upstream: exchange.upstream,
          service: exchange.upstream ? toServiceName(exchange.upstream) : null,
          traceId: exchange.traceId || null,
        }}
        moment={() => around(exchange.at)}
      />
    </div>
  );
}
