import { formatWindow, type RouteMetrics } from '../../../app/contract/index.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { formatMs, formatPercent, formatRate } from '../../components/format.ts';
import { Sparkline } from '../../components/Sparkline.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import { Since } from '../../components/TimeText.tsx';
import { useOpenView } from '../../shell/environment.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import classes from './RoutesTable.module.css';
import { type RouteRow, splitPattern, toUpstreamAddress } from './routeRows.ts';

const tones = { ok: 'accent', degraded: 'degraded', down: 'down', unknown: 'unknown' } as const;

function toColumns(courseLabel: string): Column<RouteRow>[] {
  return [
    { id: 'level', header: '', label: 'State', width: '30px', cell: (row) => <StatusMark level={row.level} /> },
    {
      id: 'route',
      header: 'Route',
      mono: true,
      sort: (row) => row.route.paths[0] ?? row.id,
      cell: (row) => <RoutePattern row={row} />,
    },
    {
      id: 'upstream',
      header: 'Upstream',
      mono: true,
      dim: true,
      optional: true,
      sort: (row) => row.route.upstream,
      cell: (row) => toUpstreamAddress(row.route.target),
    },
    {
      id: 'rate',
      header: 'req/s',
      align: 'end',
      width: '76px',
      sort: (row) => row.figures?.requestsPerSecond ?? null,
      cell: (row) => formatRate(row.figures?.requestsPerSecond),
    },
    {
      id: 'errors',
      header: 'err %',
      align: 'end',
      width: '68px',
      sort: (row) => row.figures?.errorShare ?? null,
      cell: (row) => <ErrorShare row={row} />,
    },
    {
      id: 'p95',
      header: 'p95 ms',
      align: 'end',
      width: '72px',
      sort: (row) => row.figures?.p95Ms ?? null,
      cell: (row) => formatMs(row.figures?.p95Ms),
    },
    {
      id: 'course',
      header: courseLabel,
      width: '110px',
      optional: true,
      cell: (row) => (
        <Sparkline
          values={row.samples.map((sample) => sample.requestsPerSecond)}
          label={`requests per second of ${row.id}, ${courseLabel}`}
          tone={tones[row.level]}
        />
      ),
    },
    {
      id: 'breaker',
      header: 'Breaker',
      width: '104px',
      sort: (row) => row.breaker?.state ?? null,
      cell: toBreakerCell,
    },
  ];
}

/** Routes by trouble; a row leads to its requests. */
export function RoutesTable({ rows, metrics }: { rows: RouteRow[]; metrics: RouteMetrics }) {
  const openView = useOpenView();
  const courseMs = metrics.stepMs * Math.max(0, ...metrics.routes.map((route) => route.samples.length));
  return (
    <DataTable
      label="Routes by trouble"
      columns={toColumns(formatWindow(courseMs))}
      rows={rows}
      rowKey={(row) => row.id}
      onOpen={(row) => openView('traffic', { filter: `route:${row.id}` })}
    />
  );
}

function RoutePattern({ row }: { row: RouteRow }) {
  const [fixed, rest] = splitPattern(row.route.paths[0] ?? row.id);
  return (
    <ViewLink view="routes" search={{ route: row.id }} className={classes.pattern} title={row.route.paths.join('\n')}>
      {fixed}
      <span className="faint">{rest}</span>
    </ViewLink>
  );
}

function ErrorShare({ row }: { row: RouteRow }) {
  const share = row.figures?.errorShare ?? null;
  return (
    <span data-level={row.level} className={share !== null && share >= 0.01 ? classes.trouble : undefined}>
      {formatPercent(share)}
    </span>
  );
}

function toBreakerCell({ breaker }: RouteRow) {
  if (!breaker) return <span className="faint">–</span>;
  if (breaker.state === 'closed') return <span className="dim">closed</span>;
  return (
    <ViewLink
      view="breakers"
      search={{ upstream: breaker.upstream }}
      className={classes.tripped}
      data-level={breaker.state}
    >
      {breaker.state} <Since at={breaker.since} />
    </ViewLink>
  );
}
