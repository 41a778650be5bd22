import type { RouteTable } from '../../../app/contract/index.ts';
import { buttonLook } from '../../components/Button.tsx';
import { Drawer } from '../../components/Drawer.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { formatBytes, formatCount, formatMs, formatPercent, formatRate } from '../../components/format.ts';
import { GoToMenu } from '../../shell/GoToMenu.tsx';
import { around } from '../../shell/pivot.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import classes from './RoutesView.module.css';
import { type RouteRow, toDestination, toExamplePath } from './routeRows.ts';

export interface RouteDrawerProps {
  id: string;
  /** null when the table has no route of that id. */
  row: RouteRow | null;
  table: RouteTable;
  onClose: () => void;
}

/** One route: its sentence, why it stands where it stands, its limits and its traffic. */
export function RouteDrawer({ id, row, table, onClose }: RouteDrawerProps) {
  return (
    <Drawer
      title={id}
      meta={row ? `tried as number ${row.route.order} of ${table.routes.length}` : null}
      actions={
        row ? (
          <GoToMenu
            size="small"
            subject={{ kind: 'route', route: id, upstream: row.route.upstream }}
            moment={() => around(Date.now())}
          />
        ) : null
      }
      onClose={onClose}
    >
      {row ? (
        <RouteDetail row={row} table={table} />
      ) : (
        <EmptyState
          title={`There is no route "${id}"`}
          next={`The configuration in force, ${table.revision}, does not have it.`}
        />
      )}
    </Drawer>
  );
}

function RouteDetail({ row, table }: { row: RouteRow; table: RouteTable }) {
  const { route } = row;
  const example = toExamplePath(route);
  return (
    <div className={classes.drawer}>
      <div>
        <p className={classes.lead}>{route.sentence}</p>
        <p className={classes.reason}>{route.orderReason}</p>
      </div>
      <div className={classes.links}>
        <ViewLink view="routes" search={{ explain: `${route.methods?.[0] ?? 'GET'} ${example}` }} {...buttonLook()}>
          Explain {example}
        </ViewLink>
      </div>
      <FactList facts={toFacts(row)} />
      <section>
        <h3 className={classes.heading}>Stages</h3>
        <ol className={classes.stages}>
          {table.stages.map((stage) => (
            <li key={stage}>{stage}</li>
          ))}
        </ol>
      </section>
    </div>
  );
}

/** What only a route with an upstream has; a redirect has a place to point to. */
function toTargetFacts(route: RouteRow['route']): Fact[] {
  const { place, path } = toDestination(route);
  if (route.redirect)
    return [
      { name: 'Redirects to', value: path.trim(), mono: true },
      { name: 'Status', value: place },
      { name: 'Query', value: route.redirect.preserveQuery ? 'kept' : 'dropped' },
    ];
  return [
    { name: 'Upstream', value: `${route.upstream}, ${place}`, mono: true },
    { name: 'Rewritten to', value: path.trim(), mono: true },
    { name: 'Whole exchange', value: `at most ${formatCount((route.timeoutMs ?? 0) / 1000)} s` },
    { name: 'Body', value: `at most ${formatBytes(route.bodyLimitBytes)}` },
  ];
}

function toFacts({ route, figures }: RouteRow): Fact[] {
  const headers = route.headerRules ?? [];
  return [
    {
      name: 'Paths',
      value: route.paths.map((path) => <div key={path}>{path}</div>),
      mono: true,
    },
    { name: 'Methods', value: route.methods?.join(', ') ?? 'all' },
    { name: 'Hosts', value: route.hosts?.join(', ') ?? 'all' },
    ...(route.matchHeaders?.length ? [{ name: 'Header fields', value: route.matchHeaders.join(', ') }] : []),
    ...toTargetFacts(route),
    ...(headers.length > 0 ? [{ name: 'On the way', value: headers.map((rule) => <div key={rule}>{rule}</div>) }] : []),
    { name: 'Last 60 s', value: `${formatRate(figures?.requestsPerSecond)} requests a second` },
    {
      name: 'Callers got',
      value: `${formatPercent(figures?.errorShare)} % failures, ${formatPercent(figures?.clientErrorShare)} % of 4xx, ${formatPercent(figures?.limitedShare)} % of 429`,
    },
    { name: 'Upstream failed', value: `${formatPercent(figures?.upstreamErrorShare)} %` },
    {
      name: 'Duration',
      value: `p50 ${formatMs(figures?.p50Ms)} ms, p95 ${formatMs(figures?.p95Ms)} ms, p99 ${formatMs(figures?.p99Ms)} ms`,
    },
  ];
}
