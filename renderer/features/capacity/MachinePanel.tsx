// The machine under the engine: what is left of it, and what takes the disk.
import type { Capacity, VolumeSize } from '../../../app/contract/index.ts';
import { useLive } from '../../api/useLive.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { formatBytes, formatCount, formatDuration } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { useSourced } from '../../shell/environment.ts';
import { sayProject, sayRoom, sayShare } from './capacityFacts.ts';
import classes from './MachinePanel.module.css';

export function MachinePanel({ environment }: { environment: string }) {
  const live = useSourced('engine', useLive('capacity.watch', { environment }));
  const usage = live.data?.usage ?? null;
  return (
    <Panel
      title="Machine"
      live={live}
      rows={8}
      fill
      source={
        usage ? (
          <>
            disk counted at <TimeText at={usage.at} /> · engine
          </>
        ) : (
          'engine'
        )
      }
    >
      {(capacity) => (
        <div className={classes.content}>
          <FactList facts={toFacts(capacity)} />
          {usage && usage.largest.length > 0 ? (
            <DataTable
              label="Volumes, the largest first"
              columns={columns}
              rows={usage.largest}
              rowKey={({ name }) => name}
            />
          ) : (
            <EmptyState
              title={
                capacity.usageFailure ?? (usage ? 'The engine has no volume' : 'What takes the disk is being counted')
              }
              next={usage ? null : 'The engine walks all files of its volumes for it, which may take minutes.'}
            />
          )}
        </div>
      )}
    </Panel>
  );
}

function toFacts(capacity: Capacity): (Fact | null)[] {
  const { disk, memory, usage } = capacity;
  return [
    {
      name: 'Disk',
      value: (
        <StatusText level={disk.level}>
          {sayRoom(disk.freeBytes, disk.totalBytes, disk.why)} <span className="faint">{disk.folder}</span>
        </StatusText>
      ),
    },
    disk.fullAt === null
      ? null
      : {
          name: 'Full',
          value: `in ${formatDuration(disk.fullAt - capacity.at)} at the pace of the last minutes`,
          tone: 'degraded',
        },
    {
      name: 'Memory',
      value: (
        <StatusText level={memory.level}>
          {memory.availableBytes === null && memory.totalBytes !== null
            ? `${formatBytes(memory.totalBytes)} in all; what is free cannot be seen from here`
            : sayRoom(memory.availableBytes, memory.totalBytes, null)}
        </StatusText>
      ),
    },
    { name: 'This project', value: sayProject(capacity) },
    ...(usage
      ? [
          { name: 'Images', value: sayShare(usage.images) },
          { name: 'Containers', value: sayShare(usage.containers) },
          { name: 'Volumes', value: sayShare(usage.volumes) },
          { name: 'Build cache', value: sayShare(usage.buildCache) },
        ]
      : []),
  ];
}

const columns: Column<VolumeSize>[] = [
  { id: 'name', header: 'Volume', mono: true, sort: ({ name }) => name, cell: ({ name }) => name },
  {
    id: 'size',
    header: 'Size',
    align: 'end',
    width: '96px',
    sort: ({ bytes }) => bytes,
    cell: ({ bytes }) => (bytes === null ? <span className="dim">not counted</span> : formatBytes(bytes)),
  },
  {
    id: 'users',
    header: 'Used by',
    align: 'end',
    width: '84px',
    sort: ({ users }) => users,
    cell: ({ users }) => formatCount(users),
  },
  {
    id: 'whose',
    header: 'Whose',
    width: '120px',
    dim: true,
    sort: ({ isOwn }) => (isOwn ? 'this project' : 'others'),
    cell: ({ isOwn }) => (isOwn ? 'this project' : 'others'),
  },
];
