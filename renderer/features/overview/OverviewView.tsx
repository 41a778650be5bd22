import { useMemo } from 'react';
import { type Change, formatWindow } from '../../../app/contract/index.ts';
import { combineLive, mapLive } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';
import { Panel } from '../../components/Panel.tsx';
import { ZoneName } from '../../components/TimeText.tsx';
import { useEnvironment, useEnvironmentId, useSourced } from '../../shell/environment.ts';
import { FiringAlerts } from '../metrics/FiringAlerts.tsx';
import { Changes } from './Changes.tsx';
import { Exposure } from './Exposure.tsx';
import classes from './OverviewView.module.css';
import { toChangesReport, toNetworksReport, toRoutesReport } from './overviewReports.ts';
import { RoutesTable } from './RoutesTable.tsx';
import { toRouteRows } from './routeRows.ts';
import { ServicesByNetwork } from './ServicesByNetwork.tsx';
import { Tiles } from './Tiles.tsx';
import { TrafficPanel } from './TrafficPanel.tsx';
import { VerdictBanner } from './VerdictBanner.tsx';

const NO_CHANGES: readonly Change[] = [];

/** Is it well? */
export function OverviewView() {
  const environment = useEnvironmentId();
  const frame = useEnvironment();
  const table = useSourced('gateway', useLive('gateway.routes', { environment }));
  const metrics = useSourced('gateway', useLive('metrics.routes', { environment }));
  const breakers = useSourced('gateway', useLive('gateway.breakers', { environment }));
  const topology = useSourced('engine', useLive('stack.topology', { environment }));
  const changes = useLive('environment.changes', { environment });

  const routes = useMemo(
    () =>
      mapLive(combineLive({ table, metrics, breakers }), (sources) => ({
        rows: toRouteRows(sources),
        metrics: sources.metrics,
      })),
    [table, metrics, breakers],
  );
  const window = metrics.data ? `last ${formatWindow(metrics.data.windowMs)} · ` : '';

  return (
    <>
      <VerdictBanner environment={frame} rows={routes.data?.rows ?? []} />
      <FiringAlerts />
      <Tiles metrics={metrics} topology={topology} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <Panel
            title="Routes"
            source={`sorted by trouble · ${window}${metrics.data?.source ?? 'gateway'}`}
            live={routes}
            report={({ rows, metrics: figures }) => toRoutesReport(rows, figures)}
            rows={9}
            empty={{
              when: ({ rows }) => rows.length === 0,
              title: 'The gateway has no route',
              next: 'Add one to its gateway.yaml.',
            }}
          >
            {({ rows, metrics }) => <RoutesTable rows={rows} metrics={metrics} />}
          </Panel>
          <TrafficPanel metrics={metrics} changes={changes.data ?? NO_CHANGES} />
        </div>
        <div className={classes.column}>
          <Panel
            title="What changed"
            source={
              <>
                newest first, <ZoneName />
              </>
            }
            live={changes}
            report={toChangesReport}
            rows={3}
            empty={{
              when: (list) => list.length === 0,
              title: 'Nothing changed since the console looks',
              next: 'Starts and stops, breaker transitions and what you do will stand here.',
            }}
          >
            {(list) => <Changes changes={list} />}
          </Panel>
          <Panel
            title="Services by network"
            source="engine"
            actions={<Exposure />}
            fill
            live={topology}
            report={toNetworksReport}
            rows={6}
            empty={{
              when: ({ services }) => services.length === 0,
              title: 'No service here',
              next: 'The project has no containers and no compose files that could be read.',
            }}
          >
            {(data) => <ServicesByNetwork topology={data} />}
          </Panel>
        </div>
      </div>
    </>
  );
}
