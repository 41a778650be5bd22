import { useQuery } from '@tanstack/react-query';
import type { ScrapeTarget } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { formatMs, formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { Since } from '../../components/TimeText.tsx';
import { useEnvironmentId } from '../../shell/environment.ts';
import { toPolledLive } from './polledLive.ts';

const EVERY_MS = 15_000;
const levels = { up: 'ok', down: 'down', unknown: 'unknown' } as const;

/** What Prometheus scrapes, the ones in trouble first. */
export function TargetsPanel() {
  const environment = useEnvironmentId();
  const options = useTRPC().metrics.targets.queryOptions({ environment });
  const live = toPolledLive(useQuery({ ...options, refetchInterval: EVERY_MS }));
  const { data } = live;
  const down = data?.targets.filter(({ health }) => health === 'down').length ?? 0;
  const counts = data
    ? `${formatQuantity(data.targetCount, 'target')}, ${down} down${data.droppedCount > 0 ? `, ${data.droppedCount} dropped` : ''} · `
    : '';
  return (
    <Panel
      title="Targets"
      source={`${counts}prometheus`}
      live={live}
      rows={8}
      level={down > 0 ? 'down' : undefined}
      empty={{
        when: ({ targets }) => targets.length === 0,
        title: 'Prometheus scrapes nothing',
        next: 'Add scrape_configs to prometheus.yml.',
      }}
    >
      {({ targets }) => (
        <DataTable
          label="Targets"
          columns={columns}
          rows={targets}
          rowKey={({ job, instance, url }) => `${job} ${instance} ${url}`}
        />
      )}
    </Panel>
  );
}

const columns: Column<ScrapeTarget>[] = [
  {
    id: 'health',
    header: 'Health',
    width: '92px',
    sort: ({ health }) => health,
    cell: ({ health }) => <StatusText level={levels[health]}>{health}</StatusText>,
  },
  { id: 'job', header: 'Job', width: '120px', sort: ({ job }) => job, cell: ({ job }) => job },
  {
    id: 'instance',
    header: 'Instance',
    width: '210px',
    mono: true,
    sort: ({ instance }) => instance,
    cell: ({ instance, url }) => <span title={url}>{instance}</span>,
  },
  {
    id: 'scraped',
    header: 'Scraped',
    width: '84px',
    align: 'end',
    sort: ({ lastScrapeAt }) => lastScrapeAt,
    cell: ({ lastScrapeAt }) => (lastScrapeAt === null ? 'never' : <Since at={lastScrapeAt} />),
  },
  {
    id: 'took',
    header: 'Took, ms',
    width: '84px',
    align: 'end',
    optional: true,
    sort: ({ lastScrapeMs }) => lastScrapeMs,
    cell: ({ lastScrapeMs }) => formatMs(lastScrapeMs),
  },
  { id: 'error', header: 'Why', dim: true, cell: ({ error }) => <span title={error}>{error}</span> },
];
