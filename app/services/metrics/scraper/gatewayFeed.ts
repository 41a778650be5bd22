// Asks each replica of the gateway for its metrics and hands the ring what they counted since the last time.
import { wait } from '../../stream/wait.ts';
import { chartDefinitions } from '../charts/definitions.ts';
import { toMetricName } from '../charts/plan.ts';
import { type ExposedSample, parseExposition } from './exposition.ts';
import { fineMs, type Look, type Ring, type SeriesKey } from './ring.ts';

export interface Exposed {
  /** By the name of its gateway process. */
  readonly replicas: readonly { readonly name: string; readonly text: string }[];
  /** Every replica that lives has answered. */
  readonly isComplete: boolean;
}

/** What one replica had counted when it was asked last. */
export interface Counted {
  /** Seconds since 1970 at which its process began; NaN when it does not say. */
  readonly startedAt: number;
  readonly counters: ReadonlyMap<string, SeriesKey & { readonly value: number }>;
}

type Take = 'increase' | 'sum' | 'max';

const startMetric = 'process_start_time_seconds';

/** By metric, what the charts of the gateway make of it. */
const takes: ReadonlyMap<string, Take> = new Map(
  chartDefinitions
    .filter(({ group }) => group === 'traffic' || group === 'gateway')
    .flatMap(({ alternatives }) => alternatives.flat())
    .map(({ plan }): [string, Take] => [toMetricName(plan), plan.kind === 'gauge' ? plan.take : 'increase']),
);

/** Runs until the signal is aborted. A gateway that does not answer is a time in which nobody looked. */
export async function feedFromGateway(
  { ring, expose, now }: { ring: Ring; expose: () => Promise<Exposed>; now: () => number },
  signal: AbortSignal,
): Promise<void> {
  let before: ReadonlyMap<string, Counted> = new Map();
  let lastAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const exposed = await expose().catch(() => undefined);
    if (signal.aborted) return;
    if (exposed && exposed.replicas.length > 0) {
      const at = now();
      const { look, counted } = toLook(exposed, { at, lastAt, before });
      ring.add(look);
      before = counted;
      lastAt = at;
    }
    await wait(fineMs - (now() % fineMs), signal);
  }
}

export interface LookFacts {
  readonly at: number;
  /** Epoch ms of the look before. */
  readonly lastAt: number;
  readonly before: ReadonlyMap<string, Counted>;
}

/**
 * The sum over all replicas. Pure. One that was started since the last look has counted all that it counted since then;
 * one that was not known although it ran before says nothing yet of how fast it counts.
 */
export function toLook(
  { replicas, isComplete }: Exposed,
  { at, lastAt, before }: LookFacts,
): { look: Look; counted: Map<string, Counted> } {
  const increases = new Map<string, SeriesKey & { increase: number }>();
  const levels = new Map<string, SeriesKey & { value: number }>();
  const counted = new Map<string, Counted>();
  for (const { name, text } of replicas) {
    const { samples } = parseExposition(text, (metric) => takes.has(metric) || metric === startMetric);
    const startedAt = samples.find((sample) => sample.name === startMetric)?.value ?? Number.NaN;
    const counters = new Map<string, SeriesKey & { value: number }>();
    const base = toBase(before.get(name), { startedAt, lastAt });
    for (const sample of samples) {
      const take = takes.get(sample.name);
      if (take === undefined || Number.isNaN(sample.value)) continue;
      const key = { metric: sample.name, labels: sample.labels };
      const id = toId(sample);
      if (take !== 'increase') {
        const level = levels.get(id)?.value;
        levels.set(id, { ...key, value: level === undefined ? sample.value : combine(take, level, sample.value) });
        continue;
      }
      counters.set(id, { ...key, value: sample.value });
      const increase = base ? toIncrease(base.counters.get(id)?.value ?? 0, sample.value) : 0;
      increases.set(id, { ...key, increase: (increases.get(id)?.increase ?? 0) + increase });
    }
    counted.set(name, { startedAt, counters });
  }
  // A level of some of the replicas is not that of all.
  const gauges = isComplete ? [...levels.values()] : [];
  return { look: { at, counters: [...increases.values()], gauges }, counted };
}

/** From where a replica counts; undefined where that is not known. */
function toBase(
  known: Counted | undefined,
  { startedAt, lastAt }: { startedAt: number; lastAt: number },
): Pick<Counted, 'counters'> | undefined {
  const fromZero = { counters: new Map() };
  if (known && known.startedAt === startedAt) return known;
  if (startedAt * 1000 > lastAt) return Number.isFinite(lastAt) ? fromZero : undefined;
  return known && Number.isNaN(startedAt) ? known : undefined;
}

/** A counter that fell has begun anew. */
function toIncrease(before: number, after: number): number {
  return after >= before ? after - before : after;
}

function combine(take: 'sum' | 'max', a: number, b: number): number {
  return take === 'max' ? Math.max(a, b) : a + b;
}

function toId({ name, labels }: ExposedSample): string {
  return JSON.stringify([name, ...Object.entries(labels)]);
}
