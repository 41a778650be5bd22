// How the stack came up, the last times: who waited for whom, and which chain of waits was the longest.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Boot } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { toLive } from '../../api/liveQuery.ts';
import { Button } from '../../components/Button.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { SelectField } from '../../components/Field.tsx';
import { formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { useTimes } from '../../components/useTimes.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import classes from './BootPanel.module.css';
import { BootWaterfall } from './BootWaterfall.tsx';
import { type BootRow, formatSeconds, toBootChart } from './bootChart.ts';
import stack from './StackView.module.css';
import { toBootReport } from './stackReports.ts';

/** While it is looked at: a start is written down a moment after it has ended. */
const ASK_AGAIN_MS = 5_000;

export function BootPanel({ environment }: { environment: string }) {
  const query = useQuery({
    ...useTRPC().timeline.boots.queryOptions({ environment }),
    retry: false,
    refetchInterval: ASK_AGAIN_MS,
  });
  const [search, changeSearch] = useViewSearch();
  const [chosen, setChosen] = useState<string | null>(null);
  const live = toLive(query);
  const boot = live.data?.find(({ id }) => id === chosen) ?? live.data?.[0];
  const isTable = search.as === 'table';
  return (
    <Panel
      title="Boot"
      live={live}
      report={(boots) => toBootReport(boot ?? boots[0])}
      rows={10}
      fill
      source="engine's own moments · history"
      actions={live.data && boot ? <BootChooser boots={live.data} boot={boot} onChoose={setChosen} /> : null}
      tools={
        <Button size="small" aria-pressed={isTable} onClick={() => changeSearch({ as: isTable ? null : 'table' })}>
          As table
        </Button>
      }
      empty={{
        when: (boots) => boots.length === 0,
        title: 'No start was recorded yet',
        next: 'Each time the stack is brought up by a plan, it is written down how long every service took.',
      }}
    >
      {() => (boot ? <BootBody boot={boot} isTable={isTable} /> : null)}
    </Panel>
  );
}

interface BootChooserProps {
  boots: readonly Boot[];
  boot: Boot;
  onChoose: (id: string) => void;
}

function BootChooser({ boots, boot, onChoose }: BootChooserProps) {
  const { moment } = useTimes();
  return (
    <SelectField size="small" className={classes.chooser} aria-label="Which start" value={boot.id} onChoose={onChoose}>
      {boots.map(({ id, at, durationMs, mode }) => (
        <option key={id} value={id}>
          {moment(at)}, {formatSeconds(durationMs)}
          {mode === 'unknown' ? '' : `, ${mode}`}
        </option>
      ))}
    </SelectField>
  );
}

function BootBody({ boot, isTable }: { boot: Boot; isTable: boolean }) {
  const chart = toBootChart(boot);
  const critical = chart.rows.filter(({ isCritical }) => isCritical);
  return (
    <>
      <p className={classes.sentence}>
        {formatQuantity(boot.services.length, 'container')} in {formatSeconds(chart.totalMs)}. The longest chain:{' '}
        {[...new Set(critical.map(({ step }) => step.service))].join(' → ')}.
      </p>
      <div className={stack.scroll}>
        {isTable ? (
          <DataTable label="Boot" columns={columns} rows={chart.rows} rowKey={({ step }) => step.container} />
        ) : (
          <BootWaterfall chart={chart} />
        )}
      </div>
    </>
  );
}

const columns: Column<BootRow>[] = [
  { id: 'container', header: 'Container', sort: ({ step }) => step.container, cell: ({ step }) => step.container },
  {
    id: 'waited',
    header: 'Waited for',
    dim: true,
    cell: ({ step }) =>
      step.waitedFor.map(({ service, condition }) => `${service} ${condition}`).join(', ') || 'nothing',
  },
  { id: 'held', header: 'Held up by', cell: ({ step }) => step.heldBy ?? '', sort: ({ step }) => step.heldBy },
  {
    id: 'started',
    header: 'Started at',
    align: 'end',
    width: '92px',
    sort: ({ startedMs }) => startedMs,
    cell: ({ startedMs }) => formatSeconds(startedMs),
  },
  {
    id: 'ready',
    header: 'Ready at',
    align: 'end',
    width: '92px',
    sort: ({ readyMs }) => readyMs,
    cell: ({ readyMs }) => formatSeconds(readyMs),
  },
  {
    id: 'critical',
    header: 'Longest chain',
    width: '104px',
    sort: ({ isCritical }) => Number(isCritical),
    cell: ({ isCritical }) => (isCritical ? 'yes' : ''),
  },
];
