// What passed before the first look, by the exchanges that the gateway still keeps: only as far back as none is missing.
import type { Exchange } from '../../../contract/index.ts';
import type { Delta, RouteDelta } from '../delta.ts';

export interface KeptExchanges {
  readonly exchanges: readonly Exchange[];
  /** Epoch ms at which the process began; its first exchange has sequence 1. */
  readonly startedAt: number;
  /** The first look at its counters: from then on they say what passes. */
  readonly until: number;
}

export interface Backfill {
  readonly delta: Delta;
  readonly coversMs: number;
}

const stepMs = 5000;
const endOf = ({ at, durationMs }: Exchange) => at + durationMs;

/**
 * Steps, oldest first, over the time that every replica can speak for. Pure. The ring keeps errors longer than the rest,
 * so that before the first gap in its numbers there would be nothing but errors.
 */
export function toBackfill(replicas: readonly KeptExchanges[], boundsMs: readonly number[]): Backfill[] {
  const whole = replicas.map(toWhole);
  if (whole.length === 0 || whole.some(({ exchanges }) => exchanges.length === 0)) return [];
  const from = Math.max(...whole.map((one) => one.from));
  const until = Math.min(...whole.map((one) => one.until));
  const steps: Backfill[] = [];
  for (let at = Math.floor(from / stepMs) * stepMs; at < until; at += stepMs) {
    const begin = Math.max(at, from);
    const end = Math.min(at + stepMs, until);
    const passed = whole.flatMap(({ exchanges }) =>
      exchanges.filter((exchange) => endOf(exchange) > begin && endOf(exchange) <= end),
    );
    steps.push({ delta: { from: begin, to: end, routes: countByRoute(passed, boundsMs) }, coversMs: end - begin });
  }
  return steps;
}

/** The newest run of exchanges without a gap, and the moment from which on it is all that there was. */
function toWhole({ exchanges, startedAt, until }: KeptExchanges) {
  const sorted = exchanges.filter((exchange) => endOf(exchange) <= until).toSorted((a, b) => a.sequence - b.sequence);
  const gap = sorted.findLastIndex((exchange, index) => sorted[index - 1]?.sequence !== exchange.sequence - 1);
  const run = sorted.slice(Math.max(0, gap));
  const [first] = run;
  // Several end within the same moment, and those before the first one may be missing.
  const from = first === undefined ? until : first.sequence === 1 ? startedAt : endOf(first);
  return { exchanges: run, from, until };
}

function countByRoute(exchanges: readonly Exchange[], boundsMs: readonly number[]): Record<string, RouteDelta> {
  const routes = new Map<string, RouteDelta & { counts: number[] }>();
  for (const { route, status, durationMs, upstream, code } of exchanges) {
    const id = route ?? '-';
    const counted = routes.get(id) ?? emptyDelta(boundsMs);
    routes.set(id, counted);
    counted.requests += 1;
    if (status !== null && status >= 500) counted.errors += 1;
    else if (status !== null && status >= 400) counted.clientErrors += 1;
    if (status === 429) counted.limited += 1;
    if (status !== null && status >= 500 && upstream !== null && code !== 'breaker-open') counted.upstreamFailures += 1;
    if (boundsMs.length === 0) continue;
    const place = boundsMs.findIndex((bound) => durationMs <= bound);
    const at = place === -1 ? boundsMs.length : place;
    counted.counts[at] = (counted.counts[at] ?? 0) + 1;
  }
  return Object.fromEntries(routes);
}

function emptyDelta(boundsMs: readonly number[]): RouteDelta & { counts: number[] } {
  const counts = boundsMs.length === 0 ? [] : new Array<number>(boundsMs.length + 1).fill(0);
  return { requests: 0, errors: 0, clientErrors: 0, limited: 0, upstreamFailures: 0, boundsMs, counts };
}
