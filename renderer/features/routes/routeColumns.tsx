import type { Column } from '../../components/DataTable.tsx';
import { formatBytes, formatCount, formatMs, formatPercent, formatRate } from '../../components/format.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import classes from './RoutesView.module.css';
import { type RouteRow, toDestination } from './routeRows.ts';

export const routeColumns: Column<RouteRow>[] = [
  {
    id: 'level',
    header: '',
    label: 'Level',
    width: '34px',
    cell: ({ level }) => <StatusMark level={level} label={level === 'unknown' ? 'no traffic or unknown' : level} />,
  },
  {
    id: 'order',
    header: '#',
    label: 'Order',
    align: 'end',
    width: '36px',
    dim: true,
    cell: ({ route }) => route.order,
  },
  { id: 'route', header: 'Route', cell: ({ route }) => <b>{route.id}</b>, width: '136px' },
  { id: 'sentence', header: 'Where a request goes', cell: (row) => <Sentence row={row} /> },
  {
    id: 'limits',
    header: 'Limits',
    dim: true,
    width: '116px',
    cell: ({ route }) =>
      route.timeoutMs === null ? (
        <span title="A redirect waits for nobody">–</span>
      ) : (
        <span title="Time for the whole exchange, and the largest body">
          {formatCount(route.timeoutMs / 1000)} s · {formatBytes(route.bodyLimitBytes)}
        </span>
      ),
  },
  {
    id: 'rate',
    header: 'req/s',
    align: 'end',
    width: '76px',
    cell: ({ figures }) => formatRate(figures?.requestsPerSecond),
    sort: ({ figures }) => figures?.requestsPerSecond ?? null,
  },
  {
    id: 'errors',
    header: 'err %',
    align: 'end',
    width: '72px',
    cell: ({ route, figures, level }) =>
      level === 'down' || level === 'degraded' ? (
        <ViewLink
          view="traffic"
          search={{ filter: `status:5xx route:${route.id}` }}
          className={classes.errors}
          data-level={level}
        >
          {formatPercent(figures?.errorShare)}
        </ViewLink>
      ) : (
        formatPercent(figures?.errorShare)
      ),
    sort: ({ figures }) => figures?.errorShare ?? null,
  },
  {
    id: 'p95',
    header: 'p95 ms',
    align: 'end',
    width: '76px',
    cell: ({ figures }) => formatMs(figures?.p95Ms),
    sort: ({ figures }) => figures?.p95Ms ?? null,
  },
];

/** Without what the drawer shows anyway. */
export const narrowColumns = routeColumns.filter(({ id }) => id !== 'limits');

/** `GET /api/ai/search/*, /ai/search/* → search:8002 /*`. */
function Sentence({ row: { route } }: { row: RouteRow }) {
  const conditions = [route.methods?.join(', '), route.hosts?.join(', '), route.matchHeaders?.join(', ')]
    .filter(Boolean)
    .join(' · ');
  const { place, path: becomes } = toDestination(route);
  return (
    <span className={classes.sentence} title={route.sentence}>
      {conditions ? <span className="dim">{conditions} </span> : null}
      {route.paths.map((path, index) => (
        <span key={path}>
          {index > 0 ? <span className="dim">, </span> : null}
          {path}
        </span>
      ))}
      <span className={classes.arrow}> → </span>
      <span className={classes.target}>{place}</span>
      <span className="dim">{becomes}</span>
    </span>
  );
}
