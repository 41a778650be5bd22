import type { RouteMetrics } from '../../../app/contract/index.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { formatMs, formatPercent, formatRate } from '../../components/format.ts';
import { Sparkline } from '../../components/Sparkline.tsx';

type Location = RouteMetrics['routes'][number];

/** The first segments of paths, by the edge's log: what stands in for routes where no gateway tells of them. */
export function LocationsTable({ metrics }: { metrics: RouteMetrics }) {
  const rows = metrics.routes.toSorted(
    (a, b) => failedOf(b) - failedOf(a) || (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0),
  );
  return <DataTable label="Locations by trouble" columns={columns} rows={rows} rowKey={({ route }) => route} virtual />;
}

const failedOf = ({ requestsPerSecond, errorShare }: Location) =>
  Math.round((requestsPerSecond ?? 0) * (errorShare ?? 0) * 10);

const columns: Column<Location>[] = [
  { id: 'location', header: 'Location', mono: true, sort: ({ route }) => route, cell: ({ route }) => route },
  {
    id: 'rate',
    header: 'req/s',
    align: 'end',
    width: '76px',
    sort: ({ requestsPerSecond }) => requestsPerSecond,
    cell: ({ requestsPerSecond }) => formatRate(requestsPerSecond),
  },
  {
    id: 'errors',
    header: 'err %',
    align: 'end',
    width: '68px',
    sort: ({ errorShare }) => errorShare,
    cell: ({ errorShare }) => formatPercent(errorShare),
  },
  {
    id: 'limited',
    header: '429 %',
    align: 'end',
    width: '68px',
    sort: ({ limitedShare }) => limitedShare,
    cell: ({ limitedShare }) => formatPercent(limitedShare),
  },
  {
    id: 'p95',
    header: 'p95 ms',
    align: 'end',
    width: '72px',
    sort: ({ p95Ms }) => p95Ms,
    cell: ({ p95Ms }) => formatMs(p95Ms),
  },
  {
    id: 'course',
    header: 'Course',
    width: '110px',
    optional: true,
    cell: ({ route, samples }) => (
      <Sparkline
        values={samples.map(({ requestsPerSecond }) => requestsPerSecond)}
        label={`requests per second of ${route}`}
      />
    ),
  },
];
