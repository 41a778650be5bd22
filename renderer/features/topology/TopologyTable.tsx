import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatBytes, formatMs, formatPercent, formatRate } from '../../components/format.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import { toNetworkLabel } from '../overview/networkGroups.ts';
import { sortByTrouble, type TopologyNode } from './topologyNodes.ts';

const columns: Column<TopologyNode>[] = [
  {
    id: 'status',
    header: 'Status',
    width: '22%',
    cell: ({ level, service, traffic }) => (
      <StatusText level={level} strong={level === 'down' || level === 'degraded'}>
        {service.statusText}
        {traffic?.breaker && traffic.breaker !== 'closed' ? `, breaker ${traffic.breaker}` : ''}
      </StatusText>
    ),
  },
  {
    id: 'name',
    header: 'Service',
    sort: ({ name }) => name,
    cell: ({ name, service }) => (
      <>
        <b>{name}</b>
        {service.standInFor ? <span className="dim"> · stand-in</span> : null}
      </>
    ),
  },
  {
    id: 'networks',
    header: 'Networks',
    optional: true,
    sort: ({ box }) => box,
    cell: ({ box, otherNetworks }) => (
      <>
        {toNetworkLabel(box)} <span className="dim">{otherNetworks.map(toNetworkLabel).join(', ')}</span>
      </>
    ),
  },
  {
    id: 'calls',
    header: 'Depends on',
    optional: true,
    cell: ({ service }) => service.dependsOn.map((one) => one.service).join(', ') || <span className="dim">–</span>,
  },
  {
    id: 'rate',
    header: 'req/s',
    align: 'end',
    width: '70px',
    sort: ({ traffic }) => traffic?.requestsPerSecond ?? null,
    cell: ({ traffic }) => formatRate(traffic?.requestsPerSecond),
  },
  {
    id: 'errors',
    header: 'err %',
    align: 'end',
    width: '66px',
    sort: ({ traffic }) => traffic?.errorShare ?? null,
    cell: ({ traffic }) => formatPercent(traffic?.errorShare),
  },
  {
    id: 'p95',
    header: 'p95 ms',
    align: 'end',
    width: '74px',
    sort: ({ traffic }) => traffic?.p95Ms ?? null,
    cell: ({ traffic }) => `${traffic?.isP95Bound ? '≤ ' : ''}${formatMs(traffic?.p95Ms)}`,
  },
  {
    id: 'cpu',
    header: 'CPU %',
    align: 'end',
    width: '70px',
    sort: ({ usage }) => usage?.cpuShare ?? null,
    cell: ({ usage }) => formatPercent(usage?.cpuShare),
  },
  {
    id: 'memory',
    header: 'Memory',
    align: 'end',
    width: '82px',
    sort: ({ usage }) => usage?.memoryBytes ?? null,
    cell: ({ usage }) => formatBytes(usage?.memoryBytes),
  },
];

export interface TopologyTableProps {
  nodes: readonly TopologyNode[];
  selected: string | null;
  onSelect: (name: string) => void;
}

/** The same as the picture, as rows: by trouble, then name. */
export function TopologyTable({ nodes, selected, onSelect }: TopologyTableProps) {
  return (
    <DataTable
      label="Topology"
      columns={columns}
      rows={sortByTrouble(nodes)}
      rowKey={({ name }) => name}
      selected={selected}
      virtual
      onOpen={({ name }) => onSelect(name)}
      footer={nodes.length === 0 ? <EmptyState title="No service matches" /> : null}
    />
  );
}
