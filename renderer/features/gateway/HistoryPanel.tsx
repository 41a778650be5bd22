// The last 20 configurations: when, from where, by whom, what each changed; any of them once more, after its difference.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { type ConfigHistory, type KeptConfigView, problemOf } from '../../../app/contract/index.ts';
import { useTRPC, useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { toLive } from '../../api/liveQuery.ts';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { Drawer } from '../../components/Drawer.tsx';
import { Panel, PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ChangeForm } from './ChangeForm.tsx';
import classes from './ConfigPanel.module.css';
import { Consequences } from './Consequences.tsx';
import { useGatewayChange } from './useGatewayChange.ts';
import { useGatewayConfig } from './useGatewayConfig.ts';

const TextCompare = lazy(() =>
  import('./TextCompare.tsx').then(({ TextCompare: component }) => ({ default: component })),
);

type Entry = ConfigHistory[number];

const origins: Record<Entry['origin'], string> = {
  start: 'the start',
  library: 'a program',
  file: 'the file',
  signal: 'the file, on a signal',
  api: 'an operator',
  rollback: 'an operator, back',
};

const columns: Column<Entry>[] = [
  {
    id: 'inForce',
    header: '',
    label: 'In force',
    width: '34px',
    cell: ({ isInForce }) => (isInForce ? <StatusMark level="ok" label="in force" /> : null),
  },
  { id: 'at', header: 'Since', width: '92px', cell: ({ at }) => <TimeText at={at} /> },
  { id: 'revision', header: 'Revision', width: '110px', mono: true, cell: ({ revision }) => revision },
  { id: 'origin', header: 'By', width: '150px', cell: ({ origin }) => origins[origin] },
  { id: 'note', header: 'Who and why', width: '24%', cell: ({ note }) => note ?? '–' },
  {
    id: 'changes',
    header: 'Changed',
    dim: true,
    cell: ({ changes }) =>
      changes.length === 0 ? '–' : `${changes[0]}${changes.length > 1 ? ` and ${changes.length - 1} more` : ''}`,
  },
];

export interface HistoryPanelProps {
  environment: string;
  revision: string | null;
  /** The ETag whose difference is open. */
  open: string | null;
  onOpen: (etag: string | null) => void;
}

export function HistoryPanel({ environment, revision, open, onOpen }: HistoryPanelProps) {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.gateway.history.queryOptions({ environment }), retry: false });
  const { refetch } = query;
  // A new revision is a new line.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision says when to ask
  useEffect(() => void refetch(), [revision, refetch]);
  const live = toLive(query);
  const entry = live.data?.find(({ etag }) => etag === open) ?? null;
  return (
    <>
      <Panel
        title="History"
        live={live}
        source="the last 20 · gateway"
        rows={4}
        tools={<CopyCommand command="gatehouse gateway config history" />}
      >
        {(entries) => (
          <DataTable
            label="Configurations, newest first"
            columns={columns}
            rows={entries}
            rowKey={({ etag, at }) => `${etag} ${at}`}
            onOpen={({ etag }) => onOpen(etag)}
          />
        )}
      </Panel>
      {entry ? (
        <KeptDrawer key={entry.etag} environment={environment} entry={entry} onClose={() => onOpen(null)} />
      ) : null}
    </>
  );
}

function KeptDrawer({ environment, entry, onClose }: { environment: string; entry: Entry; onClose: () => void }) {
  const trpc = useTRPC();
  const kept = useQuery({ ...trpc.gateway.keptConfig.queryOptions({ environment, etag: entry.etag }), retry: false });
  return (
    <Drawer
      title={`Configuration ${entry.revision}`}
      meta={entry.isInForce ? 'in force' : null}
      width="min(860px, 70vw)"
      onClose={onClose}
    >
      {kept.isPending ? <PanelSkeleton rows={8} /> : null}
      {kept.isError ? <PanelFailure problem={problemOf(kept.error)} /> : null}
      {kept.data ? <Kept environment={environment} entry={entry} kept={kept.data} onDone={onClose} /> : null}
    </Drawer>
  );
}

interface KeptProps {
  environment: string;
  entry: Entry;
  kept: KeptConfigView;
  onDone: () => void;
}

function Kept({ environment, entry, kept, onDone }: KeptProps) {
  const client = useTRPCClient();
  const { live } = useGatewayConfig(environment, null);
  const { begin, isBusy } = useGatewayChange(environment);
  const config = live.data;
  return (
    <div className={classes.kept}>
      <div className={classes.meaning}>
        <Consequences diff={kept.diff} />
        <CopyCommand command={`gatehouse gateway config rollback ${entry.etag.replaceAll('"', '')}`} />
      </div>
      <div className={classes.difference}>
        {config ? (
          <Suspense fallback={<PanelSkeleton rows={8} />}>
            <TextCompare label="What runs, and this one" before={config.text ?? ''} after={kept.text ?? ''} />
          </Suspense>
        ) : null}
      </div>
      {entry.isInForce || !config ? null : (
        <ChangeForm
          sentence="It comes into force once more, on every replica or on none."
          verb={isBusy ? 'Rolling back…' : 'Roll back'}
          isBusy={isBusy}
          obstacle={
            entry.keptBy < entry.replicas ? `Only ${entry.keptBy} of ${entry.replicas} replicas keep it.` : null
          }
          onApply={(input) =>
            begin(
              () =>
                client.gateway.rollback.mutate({
                  environment,
                  etag: entry.etag,
                  basedOn: [...new Set(config.replicas.map(({ etag }) => etag))],
                  ...input,
                }),
              onDone,
            )
          }
        />
      )}
    </div>
  );
}
