// What a Prometheus of the stack has of the traffic before this console looked, as samples of the course. Pure.
import type { Charts, Sample } from '../../../contract/index.ts';
import type { PriorCourse } from '../course.ts';

/** Charts of the group `traffic`, asked for in steps of the course. undefined where they say nothing. */
export function toPriorCourse({ charts, range }: Pick<Charts, 'charts' | 'range'>): PriorCourse | undefined {
  const read = (id: string) =>
    new Map(
      charts
        .find((chart) => chart.id === id && chart.source === 'prometheus')
        ?.series.map(({ name, values }) => [name, values]),
    );
  const [rates, errors, durations] = [read('route-rate'), read('route-errors'), read('route-duration')];
  const count = Math.floor((range.to - range.from) / range.stepMs) + 1;
  const moments = Array.from({ length: count }, (_, index) => range.from + index * range.stepMs);
  const routes = new Map(
    [...rates].map(([route, values]) => [
      route,
      moments.map((at, index): Sample => {
        const seconds = durations.get(route)?.[index] ?? null;
        const rate = values[index] ?? null;
        return {
          at,
          requestsPerSecond: rate,
          errorShare: rate ? (errors.get(route)?.[index] ?? 0) : null,
          p95Ms: seconds === null ? null : seconds * 1000,
        };
      }),
    ]),
  );
  const total = moments.map((at, index) =>
    toTotal(
      at,
      [...routes.values()].flatMap((samples) => samples[index] ?? []),
    ),
  );
  const known = total.findIndex(({ requestsPerSecond }) => requestsPerSecond !== null);
  if (known === -1) return undefined;
  return {
    source: 'prometheus',
    total: total.slice(known),
    routes: new Map([...routes].map(([route, samples]) => [route, samples.slice(known)])),
  };
}

/** Quantiles of routes do not add up to one of all. */
function toTotal(at: number, samples: readonly Sample[]): Sample {
  const known = samples.filter(({ requestsPerSecond }) => requestsPerSecond !== null);
  if (known.length === 0) return { at, requestsPerSecond: null, errorShare: null, p95Ms: null };
  const rate = known.reduce((sum, { requestsPerSecond }) => sum + (requestsPerSecond ?? 0), 0);
  const failed = known.reduce((sum, sample) => sum + (sample.requestsPerSecond ?? 0) * (sample.errorShare ?? 0), 0);
  return { at, requestsPerSecond: rate, errorShare: rate > 0 ? failed / rate : null, p95Ms: null };
}
