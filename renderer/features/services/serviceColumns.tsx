import type { Service } from '../../../app/contract/index.ts';
import type { Column } from '../../components/DataTable.tsx';
import { formatBytes, formatPercent } from '../../components/format.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import { Since } from '../../components/TimeText.tsx';
import type { PlanWish } from '../stack/planWish.ts';
import { ServiceMenu } from '../stack/ServiceMenu.tsx';
import { NetworkNames } from './NetworkNames.tsx';
import classes from './ServicesView.module.css';
import { countRestarts, findRunningSince, toPortText, toShortPorts } from './serviceText.ts';
import type { ServiceUsage } from './serviceUsage.ts';

const serviceColumns: Column<Service>[] = [
  {
    id: 'status',
    header: 'Status',
    width: '20%',
    cell: ({ level, statusText }) => (
      <span title={statusText}>
        <StatusText level={level} strong={level === 'down' || level === 'degraded'}>
          {statusText}
        </StatusText>
      </span>
    ),
  },
  {
    id: 'name',
    header: 'Service',
    sort: ({ name }) => name,
    cell: ({ name, standInFor }) => (
      <>
        <b>{name}</b>
        {standInFor === null ? null : (
          <span className={classes.standIn} title={`A small process takes the place of ${standInFor}`}>
            stand-in
          </span>
        )}
      </>
    ),
  },
  { id: 'kind', header: 'Kind', dim: true, width: '84px', cell: ({ kind }) => kind, sort: ({ kind }) => kind },
  { id: 'networks', header: 'Networks', width: '214px', cell: ({ networks }) => <NetworkNames networks={networks} /> },
  {
    id: 'image',
    header: 'Image',
    dim: true,
    mono: true,
    cell: ({ image }) => (
      <span className={classes.image} title={image}>
        {image}
      </span>
    ),
    sort: ({ image }) => image,
  },
  {
    id: 'ports',
    header: 'Ports',
    mono: true,
    width: '132px',
    cell: ({ ports }) => <span title={ports.map(toPortText).join('\n')}>{toShortPorts(ports)}</span>,
  },
  {
    id: 'restarts',
    header: 'Restarts',
    align: 'end',
    width: '76px',
    cell: (service) => <Restarts count={countRestarts(service)} />,
    sort: countRestarts,
  },
  {
    id: 'uptime',
    header: 'Up',
    align: 'end',
    width: '72px',
    cell: (service) => <Since at={findRunningSince(service)} />,
    // A short time means that it came back just now: those first.
    sort: findRunningSince,
  },
  {
    id: 'health',
    header: 'Last probe',
    align: 'end',
    width: '104px',
    dim: true,
    cell: (service) => <LastProbe service={service} />,
  },
];

export type TableWidth = 'narrow' | 'normal' | 'wide';

/** What the drawer shows anyway. */
const leftOut: Record<TableWidth, readonly string[]> = {
  narrow: ['image', 'kind', 'health'],
  normal: ['kind', 'health'],
  wide: [],
};

export interface ServiceVerbs {
  onWish: (wish: PlanWish) => void;
  /** Opens a part of the drawer of a service. */
  onPart: (service: string, part: string) => void;
}

/** `usage` by service, as far as it is known. */
export function toServiceColumns(
  usage: ReadonlyMap<string, ServiceUsage>,
  width: TableWidth,
  verbs: ServiceVerbs | null,
): Column<Service>[] {
  const more = verbs ? [toVerbsColumn(verbs)] : [];
  return [...serviceColumns, ...toUsageColumns(usage), ...more].filter(({ id }) => !leftOut[width].includes(id));
}

function toVerbsColumn({ onWish, onPart }: ServiceVerbs): Column<Service> {
  return {
    id: 'verbs',
    header: '',
    label: 'Verbs',
    align: 'end',
    width: '46px',
    cell: (service) => <ServiceMenu service={service} onWish={onWish} onPart={(part) => onPart(service.name, part)} />,
  };
}

function toUsageColumns(usage: ReadonlyMap<string, ServiceUsage>): Column<Service>[] {
  return [
    {
      id: 'cpu',
      header: 'CPU %',
      align: 'end',
      width: '70px',
      sort: ({ name }) => usage.get(name)?.cpuShare ?? null,
      cell: ({ name }) => {
        const { cpuShare, cpuLimit } = usage.get(name) ?? { cpuShare: null, cpuLimit: null };
        const limit = cpuLimit === null ? 'no limit' : `limit ${cpuLimit} of a core`;
        return <span title={cpuShare === null ? 'not known' : `of one core, ${limit}`}>{formatPercent(cpuShare)}</span>;
      },
    },
    {
      id: 'memory',
      header: 'Memory',
      align: 'end',
      width: '78px',
      sort: ({ name }) => usage.get(name)?.memoryBytes ?? null,
      cell: ({ name }) => {
        const { memoryBytes, memoryLimitBytes } = usage.get(name) ?? { memoryBytes: null, memoryLimitBytes: null };
        const limit = memoryLimitBytes === null ? 'no limit' : `of ${formatBytes(memoryLimitBytes)}`;
        return <span title={memoryBytes === null ? 'not known' : limit}>{formatBytes(memoryBytes)}</span>;
      },
    },
  ];
}

function Restarts({ count }: { count: number }) {
  return count > 0 ? <span className={classes.restarts}>{count}</span> : <span className="faint">0</span>;
}

function LastProbe({ service }: { service: Service }) {
  const probes = service.containers.flatMap((container) => container.probes.slice(0, 1));
  const oldest = probes.reduce<number | null>((least, { at }) => (least === null ? at : Math.min(least, at)), null);
  if (oldest === null) return <span className="faint">none</span>;
  return (
    <>
      <Since at={oldest} /> ago
    </>
  );
}
