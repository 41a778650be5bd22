// Two exchanges side by side below the table.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { useKeys } from '../../shell/useKeys.ts';
import classes from './DiffPanel.module.css';
import panel from './ExchangePanel.module.css';
import { type DiffRow, diffExchanges } from './exchangeDiff.ts';

export interface DiffPanelProps {
  environment: string;
  left: string;
  right: string;
  onClose: () => void;
}

export function DiffPanel({ environment, left, right, onClose }: DiffPanelProps) {
  const trpc = useTRPC();
  const ask = (id: string) => ({
    ...trpc.traffic.detail.queryOptions({ environment, id }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const first = useQuery(ask(left));
  const second = useQuery(ask(right));
  const [isWhole, showWhole] = useState(false);
  useKeys({ Escape: onClose });
  const error = first.error ?? second.error;
  const rows = first.data && second.data ? diffExchanges(first.data, second.data) : [];
  const differing = rows.filter(({ isSame }) => !isSame);
  return (
    <section className={panel.panel} aria-label="Two exchanges compared">
      <header className={panel.head}>
        <h2 className={panel.title}>
          {rows.length === 0 ? 'Compare' : `${formatQuantity(differing.length, 'difference')}`}
        </h2>
        <Button size="small" aria-pressed={isWhole} onClick={() => showWhole(!isWhole)}>
          Show what is the same
        </Button>
        <Button className={panel.close} look="quiet" size="small" onClick={onClose} title="Close (Esc)">
          Close
        </Button>
      </header>
      <div className={panel.body}>
        {error ? <PanelFailure problem={problemOf(error)} /> : null}
        {!error && rows.length === 0 ? <PanelSkeleton rows={6} /> : null}
        {rows.length > 0 ? (
          <Rows
            rows={isWhole ? rows : differing}
            left={`${first.data?.method} ${first.data?.path}`}
            right={`${second.data?.method} ${second.data?.path}`}
          />
        ) : null}
      </div>
    </section>
  );
}

function Rows({ rows, left, right }: { rows: readonly DiffRow[]; left: string; right: string }) {
  if (rows.length === 0) return <p className={classes.nothing}>As far as they were kept, nothing differs.</p>;
  return (
    <table className={classes.table} aria-label="Differences of two exchanges">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col" title={left}>
            {left}
          </th>
          <th scope="col" title={right}>
            {right}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ group, name, left: one, right: other, isSame }) => (
          <tr key={`${group} ${name}`} data-differs={!isSame || undefined}>
            <th scope="row">
              {group === 'exchange' ? null : <span className="dim">{group} </span>}
              {name}
            </th>
            <td>{one ?? '–'}</td>
            <td>{other ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
