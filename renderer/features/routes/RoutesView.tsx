// Where a request goes: the table in the order in which routes are tried, and Explain for one request.

import { useMemo } from 'react';
import { useLive } from '../../api/useLive.ts';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { useNarrow } from '../../components/useNarrow.ts';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { useEnvironmentId, useSourced } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { ExplainPanel } from './ExplainPanel.tsx';
import { RouteDrawer } from './RouteDrawer.tsx';
import classes from './RoutesView.module.css';
import { narrowColumns, routeColumns } from './routeColumns.tsx';
import { toRouteRows } from './routeRows.ts';
import { toRouteTableReport } from './routesReport.ts';

export function RoutesView() {
  const environment = useEnvironmentId();
  const table = useSourced('gateway', useLive('gateway.routes', { environment }));
  const live = useSourced('gateway', useLive('metrics.routes', { environment }));
  const metrics = live.state === 'live' ? live.data : null;
  const [search, changeSearch] = useViewSearch();
  const isNarrow = useNarrow(1240);
  const rows = useMemo(() => (table.data ? toRouteRows(table.data, metrics) : []), [table.data, metrics]);
  const selected = rows.find(({ route }) => route.id === search.route);

  return (
    <>
      <ViewHeader
        title="Routes"
        note={
          table.data ? (
            <>
              {formatQuantity(rows.length, 'route')} in the order in which they are tried · configuration{' '}
              <span className="mono">{table.data.revision}</span>, in force since <TimeText at={table.data.loadedAt} />
            </>
          ) : (
            'gateway'
          )
        }
        actions={<CopyCommand command="gatehouse routes" />}
      />
      <div className={classes.whole}>
        <ExplainPanel
          environment={environment}
          asked={search.explain ?? ''}
          onAsk={(explain) => changeSearch({ explain })}
          revision={table.data?.revision ?? null}
        />
      </div>
      <div className={classes.whole}>
        <Panel
          title="Table"
          live={table}
          report={(known) => toRouteTableReport(rows, known)}
          source={`${table.data ? `listens on ${table.data.listener} · ` : ''}${metrics ? 'last 60 s · gateway' : 'traffic not known'}`}
          rows={9}
          empty={{
            when: ({ routes }) => routes.length === 0,
            title: 'The gateway has no routes',
            next: 'Every request gets 404 no-route. Its configuration file names the routes.',
          }}
        >
          {() => (
            <DataTable
              label="Routes, in the order in which they are tried"
              columns={isNarrow ? narrowColumns : routeColumns}
              rows={rows}
              rowKey={({ route }) => route.id}
              selected={search.route}
              onOpen={({ route }) => changeSearch({ route: route.id }, { push: true })}
            />
          )}
        </Panel>
      </div>
      {search.route && table.data ? (
        <RouteDrawer
          key={search.route}
          id={search.route}
          row={selected ?? null}
          table={table.data}
          onClose={() => changeSearch({ route: null })}
        />
      ) : null}
    </>
  );
}
