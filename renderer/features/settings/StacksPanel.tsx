// Stacks that were found or are remembered: name, colour and guard of each, and forgetting one.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { combineLive, mapLive } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { Panel, PanelFailure } from '../../components/Panel.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { toPolledLive } from '../metrics/polledLive.ts';
import { guardWords } from './guardWords.ts';
import classes from './SettingsView.module.css';
import { StackForm } from './StackForm.tsx';
import { type StackRow, toStackRows } from './stackRows.ts';

const columns: Column<StackRow>[] = [
  {
    id: 'name',
    header: 'Stack',
    cell: ({ settings, project, environment }) => (
      <span className={classes.stack}>
        <span
          className={classes.swatch}
          style={{ background: settings.colour ? `var(--environment-${settings.colour})` : 'none' }}
        />
        {environment === null ? (
          (settings.name ?? project)
        ) : (
          <Link to="/env/$environment/overview" params={{ environment }}>
            {settings.name ?? project}
          </Link>
        )}
        {settings.name === null ? null : <span className="faint">{project}</span>}
      </span>
    ),
    sort: ({ project }) => project,
  },
  { id: 'engine', header: 'Engine', mono: true, cell: ({ engine }) => engine, sort: ({ engine }) => engine },
  {
    id: 'state',
    header: 'Here',
    width: '150px',
    cell: ({ found, environment }) => {
      if (environment === null) return <span className="faint">its engine is not known now</span>;
      if (!found) return <span className="faint">not found now</span>;
      return found.containers.running > 0 ? `${found.containers.running} running` : 'not running';
    },
  },
  {
    id: 'guard',
    header: 'Guard',
    width: '160px',
    cell: ({ settings }) =>
      settings.guard === null ? (
        <span className="faint">as usual for its place</span>
      ) : (
        guardWords.find(({ value }) => value === settings.guard)?.label
      ),
  },
  {
    id: 'set',
    header: 'Set',
    width: '120px',
    optional: true,
    cell: ({ setAt }) => (setAt === null ? <span className="faint">never</span> : <TimeText at={setAt} look="dated" />),
  },
];

export function StacksPanel() {
  const trpc = useTRPC();
  const [search, change] = useViewSearch();
  const found = useLive('environment.found');
  const kept = useQuery(trpc.environment.kept.queryOptions());
  const { data, error, dataUpdatedAt } = kept;
  const rows = useMemo(
    () =>
      mapLive(
        combineLive({ start: found, remembered: toPolledLive({ data, error, dataUpdatedAt }) }),
        ({ start, remembered }) => toStackRows(start.projects, remembered),
      ),
    [found, data, error, dataUpdatedAt],
  );
  const again = () => void kept.refetch();
  const forget = useMutation(trpc.environment.forget.mutationOptions({ onSuccess: again }));
  const row = rows.data?.find(({ key }) => key === search.stack);
  return (
    <div className={classes.part}>
      <Panel
        title="Stacks"
        source="engines, folders, what was set"
        live={rows}
        empty={{
          when: (all) => all.length === 0,
          title: 'No stack is known',
          next: 'Open a folder with compose files on the Start view, or start a project.',
        }}
      >
        {(all) => (
          <DataTable
            label="Stacks"
            columns={columns}
            rows={all}
            rowKey={({ key }) => key}
            selected={row?.key}
            onOpen={({ key }) => change({ stack: key })}
          />
        )}
      </Panel>
      {forget.error ? <PanelFailure problem={problemOf(forget.error)} /> : null}
      {row ? (
        <StackForm
          key={row.key}
          row={row}
          isBusy={forget.isPending}
          onSaved={again}
          onForget={() => forget.mutate({ place: row.place, environment: row.environment })}
          onClose={() => change({ stack: null })}
        />
      ) : (
        <p className={classes.note}>Choose a stack to name it, to give it a colour, or to guard it.</p>
      )}
    </div>
  );
}
