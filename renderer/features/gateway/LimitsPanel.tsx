// Limits: each policy with what it refused, and the keys that are near theirs, each of which can be given a burst anew.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GatewayLimits, LimitPolicyView } from '../../../app/contract/index.ts';
import { useTRPC, useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { toLive } from '../../api/liveQuery.ts';
import { Button } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { formatCount, formatDuration, formatPercent, formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { StatusMark, StatusText } from '../../components/StatusMark.tsx';
import { toShellWord } from '../../components/shellWord.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { canChange, useEnvironment } from '../../shell/environment.ts';
import { ChangeForm } from './ChangeForm.tsx';
import classes from './LimitsPanel.module.css';
import { type KeyRow, toKeyRows } from './limitRows.ts';
import { useGatewayChange } from './useGatewayChange.ts';

const ASK_AGAIN_MS = 3_000;

const columns: Column<KeyRow>[] = [
  {
    id: 'level',
    header: '',
    label: 'Level',
    width: '34px',
    cell: ({ level }) => (
      <StatusMark
        level={level}
        label={level === 'down' ? 'at its limit' : level === 'degraded' ? 'near it' : 'below it'}
      />
    ),
  },
  { id: 'key', header: 'Key', mono: true, cell: ({ key }) => key },
  { id: 'policy', header: 'Policy', width: '140px', cell: ({ policy }) => policy },
  {
    id: 'used',
    header: 'Used',
    align: 'end',
    width: '130px',
    cell: ({ used, burst }) => `${formatCount(used)} of ${formatCount(burst)}`,
    sort: ({ share }) => share,
  },
  {
    id: 'share',
    header: '%',
    align: 'end',
    width: '72px',
    cell: ({ share }) => formatPercent(share),
    sort: ({ share }) => share,
  },
  {
    id: 'free',
    header: 'Whole again in',
    align: 'end',
    width: '130px',
    cell: ({ freeInMs }) => formatDuration(freeInMs + 999),
  },
];

export function LimitsPanel({ environment }: { environment: string }) {
  const query = useQuery({
    ...useTRPC().gateway.limits.queryOptions({ environment }),
    refetchInterval: ASK_AGAIN_MS,
    retry: false,
  });
  const { data: frame } = useEnvironment();
  const [asked, ask] = useState<KeyRow | null>(null);
  const mayReset = frame !== null && canChange(frame.guard);
  const all: Column<KeyRow>[] = mayReset
    ? [
        ...columns,
        {
          id: 'reset',
          header: '',
          label: 'Reset',
          width: '84px',
          align: 'end',
          cell: (row) => (
            <Button size="small" onClick={() => ask(row)} aria-label={`Reset ${row.key} of ${row.policy}`}>
              Reset…
            </Button>
          ),
        },
      ]
    : columns;
  return (
    <Panel
      title="Limits"
      live={toLive(query)}
      rows={6}
      source={query.data ? toSource(query.data) : 'gateway'}
      tools={<CopyCommand command="gatehouse gateway limits" />}
      empty={{
        when: ({ policies }) => policies.length === 0,
        title: 'The configuration has no limits',
        next: 'Policies stand under limits.policies; routes name those that hold for them.',
      }}
    >
      {(limits) => (
        <>
          <ul className={classes.policies} aria-label="Policies">
            {limits.policies.map((policy) => (
              <Policy key={policy.name} policy={policy} />
            ))}
          </ul>
          {limits.store.state === 'fallback' ? (
            <p className={classes.note}>
              <StatusText level="degraded">
                Redis is gone, each replica counts for itself: {limits.store.reason}
              </StatusText>
            </p>
          ) : null}
          <DataTable
            label="Keys that have used most of their limit"
            columns={all}
            rows={toKeyRows(limits)}
            rowKey={({ policy, key }) => `${policy} ${key}`}
            footer={toKeyRows(limits).length === 0 ? <p className={classes.note}>No key owes anything now.</p> : null}
          />
          {asked ? <ResetDialog environment={environment} row={asked} onClose={() => ask(null)} /> : null}
        </>
      )}
    </Panel>
  );
}

function toSource({ store, replicas }: GatewayLimits): string {
  const where =
    store.state === 'shared'
      ? 'counted together in Redis'
      : `each of ${formatQuantity(replicas, 'replica')} counts for itself`;
  return `the 20 keys of each policy that used most · ${where}`;
}

function Policy({ policy: { name, by, rate, perSeconds, burst, refused, keys } }: { policy: LimitPolicyView }) {
  return (
    <li className={classes.policy}>
      <b>{name}</b>
      <span className="dim">
        {formatCount(rate)} in {perSeconds} s by {by.join(' and ')}, burst {formatCount(burst)}
      </span>
      <span>
        {formatCount(refused)} refused · {formatQuantity(keys, 'key')}
      </span>
    </li>
  );
}

function ResetDialog({ environment, row, onClose }: { environment: string; row: KeyRow; onClose: () => void }) {
  const client = useTRPCClient();
  const { begin, isBusy } = useGatewayChange(environment);
  return (
    <Dialog title={`Reset ${row.key}`} shown onClose={onClose} width="560px">
      <CopyCommand command={`gatehouse gateway limits reset ${toShellWord(row.policy)} ${toShellWord(row.key)}`} />
      <ChangeForm
        sentence={`It has used ${formatCount(row.used)} of ${formatCount(row.burst)} in ${row.policy}, and gets a whole burst anew on every replica.`}
        verb="Reset"
        isBusy={isBusy}
        onApply={({ confirm }) =>
          begin(
            () =>
              client.gateway.resetLimit.mutate({
                environment,
                policy: row.policy,
                key: row.key,
                ...(confirm === undefined ? {} : { confirm }),
              }),
            onClose,
          )
        }
      />
    </Dialog>
  );
}
