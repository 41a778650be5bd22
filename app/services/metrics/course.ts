// The course of a gateway's traffic: 15 minutes in steps of 5 s, the last minute in scrapes. Bounded; pure but for its own rings.
import { courseSpanMs, type Figures, type RouteMetrics, type Sample } from '../../contract/index.ts';
import { type Delta, type RouteDelta, sumDeltas } from './delta.ts';
import { quantileMs } from './quantile.ts';

export const stepMs = 5000;
const steps = courseSpanMs / stepMs;
const windowMs = 60_000;
/** A step that was watched for less than this share says nothing about the whole step. */
const leastCoverage = 0.5;
/** Route ids come from the gateway's configuration; more than this is no configuration we draw. */
const routeLimit = 500;

interface Step {
  /** End of the step, epoch ms, a multiple of `stepMs`. */
  at: number;
  coveredMs: number;
  routes: Map<string, RouteDelta>;
}

/** What somebody else has measured, at ends of steps. */
export interface PriorCourse {
  readonly source: 'prometheus';
  readonly total: readonly Sample[];
  readonly routes: ReadonlyMap<string, readonly Sample[]>;
}

export interface Course {
  /** `coversMs` is the time that the delta speaks for; replicas after the first speak for the same time again: 0. */
  add(delta: Delta, coversMs: number): void;
  /** Draws steps that nobody watched here as `prior` has them. */
  fill(prior: PriorCourse): void;
  /** Figures over the last minute, or as much of it as was watched, and the samples of 15 minutes. */
  toMetrics(now: number): RouteMetrics;
}

export function createCourse(source: RouteMetrics['source'] = 'gateway'): Course {
  let ring: Step[] = [];
  let recent: { delta: Delta; coversMs: number }[] = [];
  let prior: PriorCourse | undefined;

  const stepOf = (time: number): Step => {
    const at = Math.ceil(time / stepMs) * stepMs;
    const known = ring.findLast((step) => step.at === at);
    if (known) return known;
    const step: Step = { at, coveredMs: 0, routes: new Map() };
    // What was before the first look is added after it.
    const place = ring.findLastIndex((one) => one.at < at) + 1;
    ring = ring.toSpliced(place, 0, step).slice(-steps);
    return step;
  };

  return {
    add(delta, coversMs) {
      recent.push({ delta, coversMs });
      const newest = Math.max(...recent.map(({ delta: { to } }) => to));
      recent = recent.filter(({ delta: { to } }) => to > newest - windowMs);
      const step = stepOf(delta.to);
      step.coveredMs += coversMs;
      for (const [route, change] of Object.entries(delta.routes)) {
        const before = step.routes.get(route);
        if (!before && step.routes.size >= routeLimit) continue;
        step.routes.set(route, before ? sumDeltas([before, change]) : change);
      }
    },
    fill(given) {
      prior = given;
    },
    toMetrics(now) {
      const inWindow = recent.filter(({ delta: { to } }) => to > now - windowMs);
      const coveredMs = inWindow.reduce((sum, { coversMs }) => sum + coversMs, 0);
      const names = new Set([...ring.flatMap(({ routes }) => [...routes.keys()]), ...(prior?.routes.keys() ?? [])]);
      // The step that still runs would show as a dip.
      const done = ring.filter(({ at }) => at <= now);
      const byRoute = (pick: (routes: Readonly<Record<string, RouteDelta>>) => RouteDelta[]) =>
        toFigures(sumDeltas(inWindow.flatMap(({ delta }) => pick(delta.routes))), coveredMs);
      const samples = toSamples({ done, now, prior: prior?.total }, ({ routes }) => [...routes.values()]);
      return {
        at: now,
        windowMs: Math.min(windowMs, coveredMs),
        source,
        stepMs,
        ...(prior ? { backfill: { source: prior.source, until: prior.total.at(-1)?.at ?? now } } : {}),
        total: { ...byRoute((routes) => Object.values(routes)), peakRequestsPerSecond: peakOf(samples), samples },
        routes: [...names].map((route) => ({
          route,
          ...byRoute((routes) => (routes[route] ? [routes[route]] : [])),
          samples: toSamples({ done, now, prior: prior?.routes.get(route) }, ({ routes }) => {
            const delta = routes.get(route);
            return delta ? [delta] : [];
          }),
        })),
      };
    },
  };
}

export function toFigures(sum: RouteDelta, coveredMs: number): Figures {
  const share = (part: number) => (coveredMs > 0 && sum.requests > 0 ? part / sum.requests : null);
  const quantile = (q: number) => (coveredMs > 0 ? quantileMs(q, sum.boundsMs, sum.counts) : null);
  return {
    requestsPerSecond: coveredMs > 0 ? sum.requests / (coveredMs / 1000) : null,
    errorShare: share(sum.errors),
    upstreamErrorShare: share(sum.upstreamFailures),
    clientErrorShare: share(sum.clientErrors),
    limitedShare: share(sum.limited),
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
  };
}

interface SampleFacts {
  readonly done: readonly Step[];
  readonly now: number;
  readonly prior: readonly Sample[] | undefined;
}

/** One sample a step from the first known one on; a step that nobody watched has nulls, or what was measured elsewhere. */
function toSamples({ done, now, prior = [] }: SampleFacts, pick: (step: Step) => RouteDelta[]): Sample[] {
  const first = Math.min(done[0]?.at ?? Number.POSITIVE_INFINITY, prior[0]?.at ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(first)) return [];
  const byTime = new Map(done.map((step) => [step.at, step]));
  const given = new Map(prior.map((sample) => [sample.at, sample]));
  const end = Math.floor(now / stepMs) * stepMs;
  const samples: Sample[] = [];
  for (let at = Math.max(first, end - (steps - 1) * stepMs); at <= end; at += stepMs) {
    const step = byTime.get(at);
    const watched = step !== undefined && step.coveredMs >= stepMs * leastCoverage;
    const other = watched ? undefined : given.get(at);
    const { requestsPerSecond, errorShare, p95Ms } =
      other ?? toFigures(watched ? sumDeltas(pick(step)) : sumDeltas([]), watched ? step.coveredMs : 0);
    samples.push({ at, requestsPerSecond, errorShare, p95Ms });
  }
  return samples;
}

function peakOf(samples: readonly Sample[]): number | null {
  const rates = samples.map(({ requestsPerSecond }) => requestsPerSecond).filter((rate) => rate !== null);
  return rates.length > 0 ? Math.max(...rates) : null;
}
