// How a stack came up, as bars over time: what waited, what became ready when, and which chain of waits was the longest. Pure.
import type { Boot, BootStep } from '../../../app/contract/index.ts';
import { formatDuration, NOTHING } from '../../components/format.ts';

/** Shares of the whole time, 0 to 1. */
export interface BootBar {
  from: number;
  to: number;
}

export interface BootRow {
  step: BootStep;
  /** Made, and not started: others were waited for. null: it was not, or that is not known. */
  waiting: BootBar | null;
  /** Started, and not ready. null: not known. */
  starting: BootBar | null;
  /** ms since the start began; null: not known. */
  startedMs: number | null;
  readyMs: number | null;
  /** One of the chain that ended last: making it faster makes the start faster. */
  isCritical: boolean;
}

export interface BootChart {
  totalMs: number;
  /** Where the axis is marked, in ms. */
  ticks: number[];
  /** In the order in which they were started. */
  rows: BootRow[];
}

export function toBootChart({ at, durationMs, services }: Boot): BootChart {
  const ends = services
    .flatMap(({ startedAt, readyAt }) => [startedAt ?? [], readyAt ?? []].flat())
    .map((moment) => moment - at);
  const totalMs = Math.max(1, durationMs, ...ends);
  const critical = findCritical(services);
  const toBar = (from: number | null, to: number | null): BootBar | null => {
    if (from === null || to === null || to <= at || to < from) return null;
    // A container that was there before waited for nobody.
    return { from: Math.max(0, from - at) / totalMs, to: Math.max(0, to - at) / totalMs };
  };
  const since = (moment: number | null) => (moment === null ? null : moment - at);
  const rows = services.map((step) => ({
    step,
    waiting: toBar(step.createdAt, step.startedAt),
    starting: toBar(step.startedAt, step.readyAt),
    startedMs: since(step.startedAt),
    readyMs: since(step.readyAt),
    isCritical: critical.has(step.service),
  }));
  const startOf = ({ startedMs }: BootRow) => startedMs ?? Number.POSITIVE_INFINITY;
  return {
    totalMs,
    ticks: toTicks(totalMs),
    rows: rows.sort((a, b) => startOf(a) - startOf(b) || (a.step.container < b.step.container ? -1 : 1)),
  };
}

/** From the service that was ready last, back along what each was held by. */
function findCritical(services: readonly BootStep[]): Set<string> {
  const endOf = ({ readyAt, startedAt }: BootStep) => readyAt ?? startedAt ?? 0;
  const last = services.reduce<BootStep | undefined>((latest, step) => {
    return latest && endOf(latest) >= endOf(step) ? latest : step;
  }, undefined);
  const chain = new Set<string>();
  for (let name: string | null = last?.service ?? null; name !== null && !chain.has(name); ) {
    chain.add(name);
    const held: BootStep | undefined = services.find(({ service, heldBy }) => service === name && heldBy !== null);
    name = held?.heldBy ?? null;
  }
  return chain;
}

const STEPS = [1, 2, 5];
const MOST_TICKS = 7;

/** Round moments from 0 up to the end, at most seven. */
export function toTicks(totalMs: number): number[] {
  const least = totalMs / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const step = [...STEPS, 10].map((factor) => factor * power).find((candidate) => candidate >= least) ?? power;
  return Array.from({ length: Math.floor(totalMs / step) + 1 }, (_, index) => index * step);
}

/** `3.2 s`; `–` where it is not known. Before the start began: `before`. */
export function formatSeconds(ms: number | null): string {
  if (ms === null) return NOTHING;
  if (ms < 0) return 'before';
  return ms < 60_000 ? `${Math.round(ms / 100) / 10} s` : formatDuration(ms);
}
