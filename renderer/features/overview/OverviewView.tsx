import { useMemo } from 'react';
import { type Change, formatWindow, type RouteMetrics } from '../../../app/contract/index.ts';
import { combineLive, type Live, mapLive } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';
import { Panel } from '../../components/Panel.tsx';
import { ZoneName } from '../../components/TimeText.tsx';
import { useEnvironment, useEnvironmentId, useSourced } from '../../shell/environment.ts';
import { CapacityWarning } from '../capacity/CapacityWarning.tsx';
import { LocationsTable } from '../edge/LocationsTable.tsx';
import { OutsidePanel } from '../edge/OutsidePanel.tsx';
import { FiringAlerts } from '../metrics/FiringAlerts.tsx';
import { Changes } from './Changes.tsx';
import { Exposure } from './Exposure.tsx';
import classes from './OverviewView.module.css';
import { toChangesReport, toNetworksReport, toRoutesReport } from './overviewReports.ts';
import { RoutesTable } from './RoutesTable.tsx';
import { type RouteRow, toRouteRows } from './routeRows.ts';
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

  return (
    <>
      <VerdictBanner environment={frame} rows={routes.data?.rows ?? []} />
      <FiringAlerts />
      <CapacityWarning />
      <Tiles metrics={metrics} topology={topology} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <EntryPanel routes={routes} metrics={metrics} />
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
          <OutsidePanel />
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

interface EntryPanelProps {
  routes: Live<{ rows: RouteRow[]; metrics: RouteMetrics }>;
  metrics: Live<RouteMetrics>;
}

/** The routes of the gateway; where there is none, the locations by the edge's log. */
function EntryPanel({ routes, metrics }: EntryPanelProps) {
  const window = metrics.data ? `last ${formatWindow(metrics.data.windowMs)} · ` : '';
  if (metrics.data?.source === 'edge') {
    return (
      <Panel
        title="Locations"
        source={`by trouble · ${window}the edge's access log`}
        live={metrics}
        rows={9}
        empty={{
          when: (data) => data.routes.length === 0,
          title: 'No request in the log yet',
          next: 'Each line of the edge is counted as it is written; docs/edge.md has the format that says most.',
        }}
      >
        {(data) => <LocationsTable metrics={data} />}
      </Panel>
    );
  }
  return (
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
      {(data) => <RoutesTable rows={data.rows} metrics={data.metrics} />}
    </Panel>
  );
}
