import type { TraceSummary } from '../../../app/contract/index.ts';
import type { Column } from '../../components/DataTable.tsx';
import { formatCount, formatMs } from '../../components/format.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';

/** Columns of the search. */
export const traceColumns: Column<TraceSummary>[] = [
  {
    id: 'at',
    header: 'Began',
    width: '112px',
    mono: true,
    sort: ({ at }) => at,
    cell: ({ at }) => <TimeText at={at} milliseconds />,
  },
  {
    id: 'duration',
    header: 'ms',
    width: '64px',
    align: 'end',
    sort: ({ durationMs }) => durationMs,
    cell: ({ durationMs }) => formatMs(durationMs),
  },
  {
    id: 'root',
    header: 'Root',
    mono: true,
    sort: ({ root }) => `${root.service} ${root.name}`,
    cell: ({ root, isPartial }) => (
      <span title={`${root.service} ${root.name}`}>
        <span className="dim">{root.service}</span> {root.name}
        {isPartial ? <span className="faint"> · not whole</span> : null}
      </span>
    ),
  },
  {
    id: 'route',
    header: 'Route',
    width: '124px',
    dim: true,
    optional: true,
    sort: ({ route }) => route,
    cell: ({ route }) => route ?? '–',
  },
  {
    id: 'status',
    header: 'Status',
    width: '60px',
    sort: ({ httpStatus }) => httpStatus,
    cell: ({ httpStatus }) => httpStatus ?? '–',
  },
  {
    id: 'failed',
    header: 'Failed',
    width: '66px',
    sort: ({ errorCount }) => errorCount,
    cell: ({ errorCount }) =>
      errorCount > 0 ? (
        <StatusText level="down">{formatCount(errorCount)}</StatusText>
      ) : (
        <span className="faint">–</span>
      ),
  },
  {
    id: 'spans',
    header: 'Spans',
    width: '60px',
    align: 'end',
    sort: ({ spanCount }) => spanCount,
    cell: ({ spanCount }) => formatCount(spanCount),
  },
  {
    id: 'services',
    header: 'Services',
    width: '17%',
    dim: true,
    optional: true,
    cell: ({ services, serviceCount }) => {
      const names = services.map(({ service }) => service).join(', ');
      const more = serviceCount > services.length ? ` and ${serviceCount - services.length} more` : '';
      return <span title={names + more}>{names + more}</span>;
    },
  },
];
