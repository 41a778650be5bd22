// The figure that a store is known by (queue depth, clients that wait, memory, colour) from the charts of the metrics desk. Pure.
import type { Chart, Charts, Level, Service } from '../../../app/contract/index.ts';
import { formatBytes, formatCount, formatPercent } from '../../components/format.ts';

export interface StoreFigure {
  /** For its node: `3 wait`, `14 queued`. */
  text: string;
  /** In words, for the panel beside the picture. */
  name: string;
  value: string;
  /** Out of order: what the product itself calls so, or its own limit nearly reached. */
  level: Level;
  source: Chart['source'];
}

/** Older than this is no figure of now. */
const FRESH_MS = 90_000;
/** Of its own limit. */
const NEARLY_FULL = 0.9;

interface Reading {
  chart: string;
  /** What its service is called, or made from. */
  service: RegExp;
  read: (last: (series: RegExp) => number | null) => Omit<StoreFigure, 'source'> | null;
}

const any = /.*/s;

const readings: readonly Reading[] = [
  {
    chart: 'pgbouncer-waiting',
    service: /pgbouncer/i,
    read: (last) => {
      const waiting = last(any);
      if (waiting === null) return null;
      const value = formatCount(waiting);
      return { text: `${value} wait`, name: 'Clients that wait', value, level: waiting > 0 ? 'degraded' : 'ok' };
    },
  },
  {
    chart: 'rabbitmq-queues',
    service: /rabbit/i,
    read: (last) => {
      const [ready, unacknowledged] = [last(/^ready/), last(/^unack/)];
      if (ready === null && unacknowledged === null) return null;
      const value = `${formatCount(ready)} ready, ${formatCount(unacknowledged)} unacknowledged`;
      return {
        text: `${formatCount((ready ?? 0) + (unacknowledged ?? 0))} queued`,
        name: 'Messages',
        value,
        level: 'ok',
      };
    },
  },
  {
    chart: 'redis-memory',
    service: /redis|valkey/i,
    read: (last) => {
      const [used, limit] = [last(/^used/), last(/^limit/)];
      if (used === null) return null;
      const share = limit ? used / limit : null;
      const text = share === null ? formatBytes(used) : `${formatPercent(share)} % full`;
      const value = limit ? `${formatBytes(used)} of ${formatBytes(limit)}` : `${formatBytes(used)}, no limit`;
      return { text, name: 'Its memory', value, level: (share ?? 0) > NEARLY_FULL ? 'degraded' : 'ok' };
    },
  },
  {
    chart: 'elasticsearch-colour',
    service: /elastic|opensearch/i,
    read: (last) => {
      const colour = last(any);
      const [word, level] = colours[colour ?? -1] ?? [];
      return word && level ? { text: word, name: 'Cluster', value: word, level } : null;
    },
  },
  {
    chart: 'qdrant-collections',
    service: /qdrant/i,
    read: (last) => {
      const count = last(any);
      if (count === null) return null;
      return { text: `${formatCount(count)} coll.`, name: 'Collections', value: formatCount(count), level: 'ok' };
    },
  },
];

/** As Elasticsearch calls them. */
const colours: Readonly<Record<number, readonly [string, Level]>> = {
  0: ['green', 'ok'],
  1: ['yellow', 'degraded'],
  2: ['red', 'down'],
};

/** By service. Where two services could be meant, neither has one: a figure at the wrong place is worse than none. */
export function toStoreFigures(charts: Charts, services: readonly Service[], now: number): Map<string, StoreFigure> {
  const figures = new Map<string, StoreFigure>();
  for (const { chart: id, service: pattern, read } of readings) {
    const chart = charts.charts.find((one) => one.id === id);
    const meant = services.filter(
      ({ name, image, kind, standInFor }) =>
        kind !== 'exporter' && [name, image, standInFor ?? ''].some((one) => pattern.test(one)),
    );
    const [service] = meant;
    if (!chart || !service || meant.length !== 1) continue;
    const figure = read((series) => sumLast(chart, charts.range, { series, now }));
    if (figure) figures.set(service.name, { ...figure, source: chart.source });
  }
  return figures;
}

/** Over the series of that name, the last point of each that is not too old; null where none has one. */
function sumLast(
  chart: Chart,
  { from, stepMs }: Charts['range'],
  { series: pattern, now }: { series: RegExp; now: number },
): number | null {
  const known = chart.series
    .filter(({ name }) => pattern.test(name))
    .flatMap(({ values }) => {
      const at = values.findLastIndex((value) => value !== null);
      const value = values[at];
      return typeof value === 'number' && from + at * stepMs >= now - FRESH_MS ? [value] : [];
    });
  // A colour is no quantity: the worst of them counts.
  if (chart.unit === 'colour') return known.length > 0 ? Math.max(...known) : null;
  return known.length > 0 ? known.reduce((total, value) => total + value, 0) : null;
}
