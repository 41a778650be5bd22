// Histograms of durations as plain numbers, written out at a scrape: prom-client's own observation walks over its bounds and
// labels as objects each time.
import { Histogram, type HistogramConfiguration, type MetricValueWithName, type Registry } from 'prom-client';

interface DurationsOptions {
  readonly name: string;
  readonly help: string;
  /** The one label: a route, an upstream. */
  readonly label: string;
  /** Upper bounds in seconds, ascending. */
  readonly boundsS: readonly number[];
  readonly registry: Registry;
}

export interface Durations {
  observe(owner: string, durationMs: number): void;
  /** Forgets what belongs to owners that are not among these. */
  retain(owners: ReadonlySet<string>): void;
}

interface Cell {
  /** By bound, then of what is beyond the last. */
  readonly counts: number[];
  sumMs: number;
}

type Values = MetricValueWithName<string>[];

/** One that is asked for its values and has none of its own. */
class WrittenHistogram extends Histogram {
  private readonly listValues: () => Values;
  private readonly head: { readonly name: string; readonly help: string };

  constructor(configuration: HistogramConfiguration<string>, listValues: () => Values) {
    super(configuration);
    this.head = configuration;
    this.listValues = listValues;
  }

  /** What the registry asks for where it writes text, and what `get` asks for. */
  async getForPromString(): Promise<object> {
    const { name, help } = this.head;
    return { name, help, type: 'histogram', aggregator: 'sum', values: this.listValues() };
  }
}

export function createDurations({ name, help, label, boundsS, registry }: DurationsOptions): Durations {
  const cells = new Map<string, Cell>();
  const boundsMs = boundsS.map((bound) => bound * 1_000);

  function listValues(): Values {
    const values: Values = [];
    for (const [owner, { counts, sumMs }] of cells) {
      let count = 0;
      counts.forEach((ofBucket, index) => {
        count += ofBucket;
        const labels = { le: boundsS[index] ?? '+Inf', [label]: owner };
        values.push({ metricName: `${name}_bucket`, labels, value: count });
      });
      values.push({ metricName: `${name}_sum`, labels: { [label]: owner }, value: sumMs / 1_000 });
      values.push({ metricName: `${name}_count`, labels: { [label]: owner }, value: count });
    }
    return values;
  }

  new WrittenHistogram({ name, help, labelNames: [label], buckets: [...boundsS], registers: [registry] }, listValues);

  return {
    observe(owner, durationMs) {
      let cell = cells.get(owner);
      if (!cell) {
        cell = { counts: new Array<number>(boundsMs.length + 1).fill(0), sumMs: 0 };
        cells.set(owner, cell);
      }
      let bucket = 0;
      while (bucket < boundsMs.length && durationMs > (boundsMs[bucket] ?? 0)) bucket += 1;
      cell.counts[bucket] = (cell.counts[bucket] ?? 0) + 1;
      cell.sumMs += durationMs;
    },
    retain(owners) {
      for (const owner of cells.keys()) if (!owners.has(owner)) cells.delete(owner);
    },
  };
}
