// Where the gateway's word comes from, from how many of it, and what can be asked.
import { Link } from '@tanstack/react-router';
import type { GatewayReplica, Level } from '../../../app/contract/index.ts';
import { useLive } from '../../api/useLive.ts';
import { buttonLook } from '../../components/Button.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Panel, PanelFrame } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { useEnvironment, useSourced } from '../../shell/environment.ts';
import classes from './SettingsView.module.css';

const levels: Record<GatewayReplica['state'], Level> = {
  live: 'ok',
  connecting: 'unknown',
  lost: 'down',
  absent: 'unknown',
};
const ways: Record<GatewayReplica['way'], string> = {
  socket: 'its socket on this machine',
  exec: 'a relay in its container',
};

const columns: Column<GatewayReplica>[] = [
  {
    id: 'state',
    header: 'Replica',
    cell: ({ state, name }) => (
      <StatusText level={levels[state]}>
        <b>{name}</b> {state === 'live' ? '' : state}
      </StatusText>
    ),
    sort: ({ name }) => name,
  },
  { id: 'way', header: 'Asked through', cell: ({ way }) => ways[way] },
  { id: 'version', header: 'Version', width: '90px', cell: ({ version }) => version ?? '–' },
  { id: 'revision', header: 'Configuration', width: '120px', mono: true, cell: ({ revision }) => revision ?? '–' },
  {
    id: 'started',
    header: 'Started',
    width: '140px',
    optional: true,
    cell: ({ startedAt }) => <TimeText at={startedAt} look="dated" />,
  },
  { id: 'why', header: 'Why not', dim: true, optional: true, cell: ({ why }) => why ?? '' },
];

export function GatewayPanel({ environment }: { environment: string | null }) {
  if (environment !== null) return <GatewayOf environment={environment} />;
  return (
    <div className={classes.part}>
      <PanelFrame title="Gateway">
        <EmptyState
          title="No environment is open"
          next="Each stack has a gateway of its own: open one first."
          action={
            <Link to="/" {...buttonLook('normal')}>
              Show what is here
            </Link>
          }
        />
      </PanelFrame>
    </div>
  );
}

function GatewayOf({ environment }: { environment: string }) {
  const { data: frame } = useEnvironment();
  const about = useSourced('gateway', useLive('gateway.about', { environment }));
  return (
    <div className={classes.part}>
      <Panel
        title={frame ? `Gateway of ${frame.name}` : 'Gateway'}
        source={frame ? `admin API · ${frame.gateway.detail}` : 'admin API'}
        live={about}
        empty={{
          when: ({ replicas }) => replicas.length === 0,
          title: 'No replica of a gateway runs',
          next: 'Start it; the console connects by itself.',
        }}
      >
        {({ replicas }) => (
          <DataTable label="Replicas of the gateway" columns={columns} rows={replicas} rowKey={({ name }) => name} />
        )}
      </Panel>
      <Panel
        title="What can be asked of it"
        source="operations of the catalogue"
        live={about}
        rows={3}
        empty={{
          when: ({ can }) => can.length === 0,
          title: 'Nothing',
          next: 'Services, networks and logs are live; routes, breakers and traffic need a Gatehouse gateway.',
        }}
      >
        {({ can }) => (
          <ul className={classes.can}>
            {can.map(({ operation, summary, changes }) => (
              <li key={operation}>
                <code>{operation}</code> {summary}
                {changes ? <span className="faint"> · changes something, behind the guard</span> : null}
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </div>
  );
}
