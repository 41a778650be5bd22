// Which scrapes of the gateway speak for which process, so that none is counted twice. Pure.
import { quotePromql, toAlternatives } from '../promql/quote.ts';
import type { VectorSample } from './prometheusAnswers.ts';

export interface GatewayScrapes {
  /** Matchers that select each process once; null when the gateway is not scraped. */
  readonly matchers: string | null;
  readonly notes: string[];
  /** Instances behind which several processes answer in turn: what they counted cannot be told apart. */
  readonly alternating: string[];
}

export interface ScrapeFacts {
  /** `process_start_time_seconds` by job and instance, of what is a gateway. */
  readonly starts: readonly VectorSample[];
  /** How often that time went back, by job and instance. A restart only ever takes it forward. */
  readonly setBacks: readonly VectorSample[];
  /** Replicas that run, as the engine says. */
  readonly running: number;
}

export function chooseScrapes({ starts, setBacks, running }: ScrapeFacts): GatewayScrapes {
  if (starts.length === 0) return { matchers: null, notes: [], alternating: [] };
  const alternating = setBacks
    .filter(({ value }) => (value ?? 0) > 0)
    .map(({ labels }) => labels.instance ?? '')
    .toSorted();
  const jobs = [...Map.groupBy(starts, ({ labels }) => labels.job ?? '')]
    .map(([job, samples]) => ({ job, ...findTwins(samples) }))
    .toSorted((a, b) => b.processes - a.processes || (a.job < b.job ? -1 : 1));
  const [chosen, ...others] = jobs;
  if (!chosen) return { matchers: null, notes: [], alternating };
  const notes = [
    others.length > 0 &&
      `The jobs ${jobs.map(({ job }) => job).join(', ')} all scrape the gateway; the figures are those of ${chosen.job}.`,
    chosen.twins.length > 0 &&
      `${chosen.twins.join(', ')} is a process that is scraped by another address too; it is counted once.`,
    alternating.length === 0 &&
      chosen.processes < running &&
      `Prometheus scrapes ${chosen.processes} of ${running} gateways that run; the others are missing here.`,
  ].filter((note) => note !== false);
  const withoutTwins = chosen.twins.length > 0 ? `,instance!~${toAlternatives(chosen.twins)}` : '';
  return { matchers: `job=${quotePromql(chosen.job)}${withoutTwins}`, notes, alternating };
}

/** Two processes are not started at the same millisecond of the same second. */
function findTwins(samples: readonly VectorSample[]): { processes: number; twins: string[] } {
  const seen = new Set<string>();
  const twins: string[] = [];
  for (const { text, labels } of samples.toSorted((a, b) =>
    (a.labels.instance ?? '') < (b.labels.instance ?? '') ? -1 : 1,
  )) {
    if (seen.has(text)) twins.push(labels.instance ?? '');
    seen.add(text);
  }
  return { processes: seen.size, twins };
}
