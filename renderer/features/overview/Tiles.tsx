import { formatWindow, type RouteMetrics, type Topology } from '../../../app/contract/index.ts';
import type { Live } from '../../api/live.ts';
import { formatAge, formatCount, formatMs, formatPercent, formatRate, NOTHING } from '../../components/format.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { Tile } from '../../components/Tile.tsx';
import { useNow } from '../../components/useNow.ts';
import { toNetworksReport, toTrafficReport } from './overviewReports.ts';
import { countLevels } from './serviceCounts.ts';
import classes from './Tiles.module.css';

/** The figures of the whole: what callers get, and how the services are. */
export function Tiles({ metrics, topology }: { metrics: Live<RouteMetrics>; topology: Live<Topology> }) {
  const total = metrics.data?.total ?? null;
  const samples = total?.samples ?? [];
  const source = <Source live={metrics} name={metrics.data?.source ?? 'gateway'} />;
  const window = metrics.data ? formatWindow(metrics.data.windowMs) : '';
  const routes = metrics.data;
  const report = routes ? () => toTrafficReport(routes) : undefined;
  return (
    <div className={classes.tiles}>
      <Tile
        label="Requests"
        source={source}
        report={report}
        value={toRateFigure(total?.requestsPerSecond)}
        unit="/s"
        note={total ? `peak ${toRateFigure(total.peakRequestsPerSecond)}` : ''}
        course={{ values: samples.map((sample) => sample.requestsPerSecond), label: 'requests per second' }}
      />
      <Tile
        label="Errors"
        source={source}
        report={report}
        value={formatPercent(total?.errorShare)}
        unit="%"
        tone={toErrorTone(total?.errorShare ?? null)}
        note={total ? `of callers, ${window}; upstream ${formatPercent(total.upstreamErrorShare)} %` : ''}
        course={{ values: samples.map((sample) => sample.errorShare), label: 'error share', max: 0.2 }}
      />
      <Tile
        label="p95"
        source={source}
        report={report}
        value={formatMs(total?.p95Ms)}
        unit="ms"
        note={total ? `p50 ${formatMs(total.p50Ms)} · p99 ${formatMs(total.p99Ms)}` : ''}
        course={{ values: samples.map((sample) => sample.p95Ms), label: 'p95 in milliseconds' }}
      />
      <Tile
        label="4xx"
        source={source}
        report={report}
        value={formatPercent(total?.clientErrorShare)}
        unit="%"
        note={total ? `of callers, ${window}` : ''}
      >
        <p className={classes.second}>
          limited, 429: <b>{formatPercent(total?.limitedShare)}</b> %
        </p>
      </Tile>
      <ServicesTile topology={topology} />
    </div>
  );
}

/** A single large figure needs no digit after the point that only flickers. */
function toRateFigure(perSecond: number | null | undefined): string {
  return (perSecond ?? 0) >= 100 ? formatCount(perSecond) : formatRate(perSecond);
}

function toErrorTone(share: number | null): 'normal' | 'degraded' | 'down' {
  if (share === null || share < 0.01) return 'normal';
  return share < 0.5 ? 'degraded' : 'down';
}

/** The source's name, and its age when it is late. */
function Source({ live, name }: { live: Live<unknown>; name: string }) {
  if (live.state !== 'stale') return name;
  return <SourceAge at={live.at ?? 0} name={name} />;
}

function SourceAge({ at, name }: { at: number; name: string }) {
  const now = useNow();
  return (
    <>
      {name}, {formatAge(now - at)} old
    </>
  );
}

const levelOrder = ['down', 'degraded', 'unknown', 'ok'] as const;

function ServicesTile({ topology }: { topology: Live<Topology> }) {
  const known = topology.data;
  const services = known?.services ?? [];
  const counts = countLevels(services);
  const standIns = services.filter((service) => service.standInFor !== null).length;
  return (
    <Tile
      label="Services"
      source={<Source live={topology} name="engine" />}
      report={known ? () => toNetworksReport(known) : undefined}
      value={topology.data ? String(counts.ok) : NOTHING}
      unit={topology.data ? `of ${services.length} well` : ''}
      note={standIns > 0 ? `${standIns} of them stand-ins` : ''}
    >
      <p className={classes.levels}>
        {levelOrder
          .filter((level) => counts[level] > 0)
          .map((level) => (
            <span key={level}>
              <StatusMark level={level} label="" /> {counts[level]} {level}
            </span>
          ))}
      </p>
    </Tile>
  );
}
