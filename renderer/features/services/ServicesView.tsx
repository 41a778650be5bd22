// What runs: a table by trouble, and the drawer of one service.
import { useCallback, useMemo } from 'react';
import { useLive } from '../../api/useLive.ts';
import { Button } from '../../components/Button.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterInput } from '../../components/FilterInput.tsx';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { useNarrow } from '../../components/useNarrow.ts';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { canChange, useEnvironment, useEnvironmentId, useSourced } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { ChangeDialog } from '../stack/ChangeDialog.tsx';
import { type PlanWish, parseWish, toWishSearch } from '../stack/planWish.ts';
import { ServiceDrawer } from './ServiceDrawer.tsx';
import classes from './ServicesView.module.css';
import { toServiceColumns } from './serviceColumns.tsx';
import { serviceFilterHint, sortByTrouble, toServiceTest } from './serviceFilter.ts';
import { toServicesReport } from './servicesReport.ts';
import { toServiceUsage } from './serviceUsage.ts';

export function ServicesView() {
  const environment = useEnvironmentId();
  const topology = useSourced('engine', useLive('stack.topology', { environment }));
  const stats = useSourced('engine', useLive('stats.watch', { environment }));
  const [search, changeSearch] = useViewSearch();
  const filter = search.filter ?? '';
  const [isNarrow, isNormal] = [useNarrow(1240), useNarrow(1600)];
  const width = isNarrow ? 'narrow' : isNormal ? 'normal' : 'wide';
  const services = topology.data?.services;
  const { data: frame } = useEnvironment();
  const setWish = useCallback((wish: PlanWish | null) => changeSearch(toWishSearch(wish)), [changeSearch]);
  // Verbs that the guard holds are absent.
  const onWish = frame && canChange(frame.guard) ? setWish : null;
  const rows = useMemo(() => sortByTrouble((services ?? []).filter(toServiceTest(filter))), [services, filter]);
  const columns = useMemo(
    // What was taken before the engine went would look like what is taken now.
    () => toServiceColumns(toServiceUsage(stats.state === 'live' ? stats.data : null), width, onWish),
    [stats, width, onWish],
  );
  const selected = services?.find(({ name }) => name === search.service);
  const total = services?.length ?? 0;

  return (
    <>
      <ViewHeader
        title="Services"
        note={topology.data ? `${formatQuantity(total, 'service')} · by trouble, then name · engine` : 'engine'}
      />
      <div className={classes.toolbar}>
        <FilterInput
          value={filter}
          onChange={(next) => changeSearch({ filter: next })}
          label="Filter services"
          placeholder={serviceFilterHint}
        />
        {filter ? (
          <span className="dim" role="status">
            {formatCount(rows.length)} of {formatCount(total)} match
          </span>
        ) : null}
      </div>
      <Panel
        title="Containers by service"
        live={topology}
        report={() => toServicesReport(rows)}
        source="engine"
        rows={12}
        fill
        empty={{
          when: ({ services: all }) => all.length === 0,
          title: 'The project has no services',
          next: 'The engine knows no container of it, and no compose file was found.',
        }}
      >
        {() => (
          <DataTable
            label="Services"
            columns={columns}
            rows={rows}
            rowKey={({ name }) => name}
            selected={search.service}
            onOpen={({ name }) => changeSearch({ service: name }, { push: true })}
            footer={
              rows.length === 0 ? (
                <EmptyState
                  title="No service matches the filter"
                  action={<Button onClick={() => changeSearch({ filter: null })}>Show all</Button>}
                />
              ) : null
            }
          />
        )}
      </Panel>
      {search.service && topology.data ? (
        <ServiceDrawer
          key={search.service}
          environment={environment}
          name={search.service}
          service={selected ?? null}
          topology={topology.data}
          tab={search.tab ?? ''}
          onTab={(tab) => changeSearch({ tab })}
          onWish={onWish}
          onClose={() => changeSearch({ service: null, tab: null })}
        />
      ) : null}
      <ChangeDialog environment={environment} wish={onWish ? parseWish(search) : null} onWish={setWish} />
    </>
  );
}
