import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Chart } from '../../../contract/index.ts';
import { exchange, now } from '../../test/samples.ts';
import { createCourse } from '../course.ts';
import { toPriorCourse } from './fromCharts.ts';
import { toBackfill } from './fromTap.ts';

const bounds = [10, 100];
const at = (second: number) => now + second * 1000;
const kept = (sequences: number[], given = {}) => ({
  exchanges: sequences.map((sequence) => exchange(sequence, { at: at(sequence), durationMs: 5 })),
  startedAt: at(0),
  until: at(100),
  ...given,
});
const sum = (steps: ReturnType<typeof toBackfill>) =>
  steps.reduce(
    (total, { delta }) => total + Object.values(delta.routes).reduce((all, { requests }) => all + requests, 0),
    0,
  );

test('everything since the process began is what passed', () => {
  const steps = toBackfill([kept([1, 2, 3, 50])], bounds);
  // Of 1, 2, 3 nothing is known to be all; 4 to 49 are gone.
  expect(steps[0]?.delta.from).toBeGreaterThanOrEqual(at(50));
  const whole = toBackfill([kept([1, 2, 3])], bounds);
  expect(whole[0]?.delta.from).toBe(at(0));
  expect(sum(whole)).toBe(3);
  expect(whole.reduce((total, { coversMs }) => total + coversMs, 0)).toBe(100_000);
});

test('errors that were kept longer than the rest are no course', () => {
  expect(sum(toBackfill([kept([3, 9, 40, 41, 42])], bounds))).toBe(2);
});

test('replicas are added up over the time that both can speak for', () => {
  const other = kept([20, 21, 22]);
  const steps = toBackfill([kept([1, 2, 3]), other], bounds);
  expect(steps[0]?.delta.from).toBe(at(20) + 5);
  expect(sum(steps)).toBe(2);
  expect(toBackfill([kept([1, 2]), kept([])], bounds)).toEqual([]);
});

test('nothing that the counters say as well, and no more than was kept', () => {
  const sequences = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 100 });
  fc.assert(
    fc.property(sequences, fc.integer({ min: 0, max: 200 }), (list, end) => {
      const steps = toBackfill([kept(list, { until: at(end) })], bounds);
      expect(sum(steps)).toBeLessThanOrEqual(list.filter((sequence) => at(sequence) + 5 <= at(end)).length);
      for (const { delta } of steps) expect(delta.to).toBeLessThanOrEqual(at(end));
    }),
  );
});

test('what is added after the first look stands before it', () => {
  const course = createCourse();
  const delta = (from: number, requests: number) => ({
    from: at(from),
    to: at(from + 5),
    routes: {
      a: {
        requests,
        errors: 0,
        clientErrors: 0,
        limited: 0,
        upstreamFailures: 0,
        boundsMs: bounds,
        counts: [requests, 0, 0],
      },
    },
  });
  course.add(delta(20, 10), 5000);
  course.add(delta(0, 5), 5000);
  const { samples, requestsPerSecond } = course.toMetrics(at(25)).total;
  expect(samples.map((sample) => sample.requestsPerSecond)).toEqual([1, null, null, null, 2]);
  expect(requestsPerSecond).toBe(1.5);
});

const chart = (id: string, series: Record<string, (number | null)[]>, source: Chart['source'] = 'prometheus') =>
  ({ id, source, series: Object.entries(series).map(([name, values]) => ({ name, values })) }) as Chart;
const range = { from: at(0), to: at(10), stepMs: 5000 };

test('a Prometheus tells of the time before, and what was watched here stays', () => {
  const prior = toPriorCourse({
    range,
    charts: [
      chart('route-rate', { a: [null, 4, 6], b: [null, null, 2] }),
      chart('route-errors', { a: [null, 0.5, 0], b: [null, null, 1] }),
      chart('route-duration', { a: [null, 0.25, null] }),
    ],
  });
  if (!prior) throw new Error('there is something');
  expect(prior.total).toEqual([
    { at: at(5), requestsPerSecond: 4, errorShare: 0.5, p95Ms: null },
    { at: at(10), requestsPerSecond: 8, errorShare: 0.25, p95Ms: null },
  ]);
  expect(prior.routes.get('a')?.[0]).toEqual({ at: at(5), requestsPerSecond: 4, errorShare: 0.5, p95Ms: 250 });
  const course = createCourse();
  course.add({ from: at(5), to: at(10), routes: {} }, 5000);
  course.fill(prior);
  const { total, backfill } = course.toMetrics(at(15));
  expect(total.samples.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([4, 0, null]);
  expect(backfill).toEqual({ source: 'prometheus', until: at(10) });
});

test.each([
  ['nothing', { route: [null, null, null] }, 'prometheus'],
  ["the host's own figures", { route: [1, 1, 1] }, 'gateway'],
] as const)('%s is no time before', (_, series, source) => {
  const charts = [
    chart(
      'route-rate',
      Object.fromEntries(Object.entries(series).map(([name, values]) => [name, [...values]])),
      source,
    ),
  ];
  expect(toPriorCourse({ range, charts })).toBeUndefined();
});
