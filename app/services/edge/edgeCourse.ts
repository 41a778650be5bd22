// The edge's requests as the gateway's are counted: second by second, by location, into the same course of 15 minutes.
import type { RouteMetrics } from '../../contract/index.ts';
import { createCourse } from '../metrics/course.ts';
import type { RouteDelta } from '../metrics/delta.ts';
import type { AccessRecord } from './accessLine.ts';
import { createLocations } from './location.ts';

export interface EdgeCourse {
  /** `at`: epoch ms of its line. */
  add(record: AccessRecord, at: number): void;
  /** All until this moment has been said: seconds before it are closed, and count as watched. */
  closeUntil(at: number): void;
  /** Seconds from here on are not watched, until something is added or closed again. */
  loseSight(): void;
  toMetrics(now: number): RouteMetrics;
}

/** Latency of nginx is in whole milliseconds. */
const boundsMs = [
  1, 2, 4, 7, 10, 15, 20, 30, 50, 75, 100, 150, 250, 400, 650, 1000, 1500, 2500, 5000, 10_000, 30_000, 60_000,
];
const locationLimit = 100;
const secondMs = 1000;
/** Lines older than this tell of no course that is drawn. */
const spanMs = 15 * 60_000;

export function createEdgeCourse(): EdgeCourse {
  const course = createCourse('edge');
  const locate = createLocations(locationLimit);
  const open = new Map<number, Map<string, RouteDelta>>();
  /** The first second that counts as watched, and the one that is closed next; null: nobody watches. */
  let first: number | null = null;
  let next: number | null = null;

  const close = (second: number, coversMs: number) => {
    const routes = Object.fromEntries(open.get(second) ?? []);
    open.delete(second);
    course.add({ from: second * secondMs, to: (second + 1) * secondMs, routes }, coversMs);
  };
  return {
    add(record, at) {
      const second = Math.floor(at / secondMs);
      const routes = open.get(second) ?? new Map<string, RouteDelta>();
      open.set(second, routes);
      const location = locate(record.path, record.status);
      const known = routes.get(location) ?? emptyDelta();
      routes.set(location, known);
      count(known, record);
    },
    closeUntil(at) {
      const end = Math.floor(at / secondMs);
      // What lies further back is not drawn; a clock that jumped must not make this long.
      const oldest = end - spanMs / secondMs;
      for (const second of open.keys()) if (second < oldest) open.delete(second);
      const said = Math.min(end, ...open.keys());
      next = Math.max(next ?? said, oldest);
      first = Math.max(first ?? next, oldest);
      // The past of a log comes in pieces, and while the present is drawn: from its first line on it is all there was.
      for (let second = said; second < first; second += 1) close(second, secondMs);
      first = Math.min(first, said);
      for (const second of [...open.keys()]) if (second < next) close(second, 0);
      for (; next < end; next += 1) close(next, secondMs);
    },
    loseSight() {
      first = null;
      next = null;
      open.clear();
    },
    toMetrics: (now) => course.toMetrics(now),
  };
}

interface WritableDelta extends RouteDelta {
  counts: number[];
}

const emptyDelta = (): WritableDelta => ({
  requests: 0,
  errors: 0,
  clientErrors: 0,
  limited: 0,
  upstreamFailures: 0,
  boundsMs,
  counts: new Array<number>(boundsMs.length + 1).fill(0),
});

function count(delta: RouteDelta, { status, ms, upstreamStatus }: AccessRecord): void {
  delta.requests += 1;
  if (status >= 500) delta.errors += 1;
  else if (status >= 400) delta.clientErrors += 1;
  if (status === 429) delta.limited += 1;
  if ((upstreamStatus ?? 0) >= 500) delta.upstreamFailures += 1;
  if (ms === null) return;
  const place = boundsMs.findIndex((bound) => ms <= bound);
  const { counts } = delta as WritableDelta;
  const at = place === -1 ? boundsMs.length : place;
  counts[at] = (counts[at] ?? 0) + 1;
}
