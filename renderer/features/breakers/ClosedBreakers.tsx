import { useMemo } from 'react';
import { Button } from '../../components/Button.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { formatMs, formatPercent, formatRate } from '../../components/format.ts';
import { Sparkline } from '../../components/Sparkline.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import { useOpenView } from '../../shell/environment.ts';
import { compareByTrouble, type TroubledBreaker, toClosedText, toThresholdText } from './breakerFigures.ts';
import { useSlowOrder } from './useSlowOrder.ts';

const ORDER_MS = 10_000;
const keyOf = ({ breaker }: TroubledBreaker) => breaker.upstream;

const columns: Column<TroubledBreaker>[] = [
  {
    id: 'level',
    header: '',
    label: 'Level',
    width: '34px',
    cell: ({ level }) => <StatusMark level={level} label={level === 'unknown' ? 'no traffic or unknown' : level} />,
  },
  { id: 'upstream', header: 'Upstream', cell: ({ breaker }) => <b>{breaker.upstream}</b>, sort: keyOf },
  {
    id: 'rate',
    header: 'req/s',
    align: 'end',
    width: '84px',
    cell: ({ figures }) => formatRate(figures.requestsPerSecond),
    sort: ({ figures }) => figures.requestsPerSecond,
  },
  {
    id: 'failed',
    header: 'failed %',
    align: 'end',
    width: '84px',
    cell: ({ figures }) => formatPercent(figures.upstreamFailingShare),
    sort: ({ figures }) => figures.upstreamFailingShare,
  },
  {
    id: 'latency',
    header: 'p50 / p95 ms',
    align: 'end',
    width: '118px',
    cell: ({ figures }) => `${formatMs(figures.p50Ms)} / ${formatMs(figures.p95Ms)}`,
    sort: ({ figures }) => figures.p95Ms,
  },
  {
    id: 'opens',
    header: 'Opens at',
    dim: true,
    width: '190px',
    cell: ({ breaker }) => toThresholdText(breaker.thresholds),
  },
  { id: 'course', header: '2 min', width: '160px', cell: (row) => <Course row={row} /> },
  {
    id: 'state',
    header: 'State',
    dim: true,
    width: '24%',
    cell: toClosedText,
  },
];

function withVerb(onTake: (upstream: string) => void): Column<TroubledBreaker>[] {
  return [
    ...columns,
    {
      id: 'verb',
      header: '',
      label: 'Verbs',
      width: '76px',
      align: 'end',
      cell: ({ breaker: { upstream } }) => (
        <Button size="small" onClick={() => onTake(upstream)} aria-label={`Hold or reset ${upstream}`}>
          Hold…
        </Button>
      ),
    },
  ];
}

const tones = { ok: 'accent', degraded: 'degraded', down: 'down', unknown: 'unknown' } as const;

function Course({ row: { breaker, figures, level } }: { row: TroubledBreaker }) {
  const { course } = figures;
  const values = useMemo(() => course.map(({ requestsPerSecond }) => requestsPerSecond), [course]);
  const label = `Requests per second of ${breaker.upstream}, two minutes`;
  return <Sparkline values={values} label={label} tone={tones[level]} width={138} />;
}

export interface ClosedBreakersProps {
  breakers: readonly TroubledBreaker[];
  /** The upstream that a link points at. */
  highlighted: string | null;
  /** null where nothing may be changed: then there is no verb. */
  onTake: ((upstream: string) => void) | null;
}

/** One row each; a row opens the traffic of its upstream. */
export function ClosedBreakers({ breakers, highlighted, onTake }: ClosedBreakersProps) {
  const openView = useOpenView();
  const rows = useSlowOrder(breakers, { keyOf, compare: compareByTrouble, everyMs: ORDER_MS });
  return (
    <DataTable
      label="Closed breakers"
      columns={onTake ? withVerb(onTake) : columns}
      rows={rows}
      rowKey={keyOf}
      selected={highlighted}
      onOpen={({ breaker }) => openView('traffic', { filter: `upstream:${breaker.upstream}` })}
    />
  );
}
