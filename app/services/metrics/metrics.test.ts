import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counters, now, stats } from '../test/samples.ts';
import { createCourse, stepMs } from './course.ts';
import { sumDeltas, toDelta } from './delta.ts';
import { quantileMs } from './quantile.ts';

const gapMs = 5000;

test('a delta is what passed between two scrapes', () => {
  const delta = toDelta(
    stats(now, { search: counters({ ok: 10, failed: 1 }) }),
    stats(now + 1000, { search: counters({ ok: 15, failed: 3 }), backend: counters({ ok: 2 }) }),
    gapMs,
  );
  expect(delta).toMatchObject({
    from: now,
    to: now + 1000,
    routes: { search: { requests: 7, errors: 2, upstreamFailures: 2, counts: [5, 2, 0] }, backend: { requests: 2 } },
  });
});

test('a restarted gateway counts from zero', () => {
  const before = stats(now, { search: counters({ ok: 100 }) });
  const after = stats(now + 1000, { search: counters({ ok: 4 }) }, { startedAt: now + 500 });
  expect(toDelta(before, after, gapMs)?.routes.search?.requests).toBe(4);
});

test('counters that fell are a restart, whatever the gateway says of its start', () => {
  const delta = toDelta(
    stats(now, { search: counters({ ok: 100 }) }),
    stats(now + 1000, { search: counters({ ok: 4 }) }),
    gapMs,
  );
  expect(delta?.routes.search?.requests).toBe(4);
});

test('scrapes too far apart, or the same one twice, give no delta', () => {
  expect(toDelta(stats(now, {}), stats(now + gapMs + 1, {}), gapMs)).toBeUndefined();
  expect(toDelta(stats(now, {}), stats(now, {}), gapMs)).toBeUndefined();
});

test.each([
  ['no request', 0.95, [10, 100], [0, 0, 0], null],
  ['half of one bucket', 0.5, [10, 100], [10, 0, 0], 5],
  ['at a bound', 0.5, [10, 100], [5, 5, 0], 10],
  ['in the second bucket', 0.75, [10, 100], [5, 5, 0], 55],
  ['above the last bound only that bound is known', 0.99, [10, 100], [1, 0, 9], 100],
  ['no bounds', 0.5, [], [4], 0],
])('quantile: %s', (_, q, bounds, counts, expected) => {
  expect(quantileMs(q, bounds, counts)).toBe(expected);
});

test('a quantile lies in the bucket of the request that has that rank', () => {
  const bounds = [1, 5, 10, 50, 100, 500];
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 500, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (latencies, q) => {
        const bucketOf = (ms: number) => bounds.findIndex((bound) => ms <= bound);
        const counts = [...bounds, 0].map((_, index) => latencies.filter((ms) => bucketOf(ms) === index).length);
        const exact = latencies.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * latencies.length - 1e-9) - 1)] ?? 0;
        const bucket = bucketOf(exact);
        const found = quantileMs(q, bounds, counts) ?? -1;
        expect(found).toBeGreaterThanOrEqual(bounds[bucket - 1] ?? 0);
        expect(found).toBeLessThanOrEqual(bounds[bucket] ?? 0);
      },
    ),
  );
});

test('histograms with other bounds do not spoil the quantiles', () => {
  const a = {
    requests: 1,
    errors: 0,
    clientErrors: 0,
    limited: 0,
    upstreamFailures: 0,
    boundsMs: [10],
    counts: [1, 0],
  };
  const b = { ...a, boundsMs: [1, 2, 3], counts: [1, 0, 0, 0] };
  expect(sumDeltas([a, b])).toMatchObject({ requests: 2, boundsMs: [10], counts: [1, 0] });
});

const start = Math.ceil(now / stepMs) * stepMs;

/** One scrape a second, `perSecond` requests each, of which `failed` fail. */
function feed(course: ReturnType<typeof createCourse>, fromMs: number, seconds: number, perSecond: number, failed = 0) {
  for (let n = 0; n < seconds; n += 1) {
    const from = fromMs + n * 1000;
    const delta = toDelta(
      stats(from, { search: counters() }),
      stats(from + 1000, { search: counters({ ok: perSecond - failed, failed }) }),
      gapMs,
    );
    if (delta) course.add(delta, 1000);
  }
}

test('nothing watched: everything is unknown, nothing is zero', () => {
  const { total, routes } = createCourse().toMetrics(start);
  expect(total).toMatchObject({ requestsPerSecond: null, errorShare: null, p95Ms: null, peakRequestsPerSecond: null });
  expect(total.samples).toEqual([]);
  expect(routes).toEqual([]);
});

test('figures cover the last minute, or as much of it as was watched', () => {
  const course = createCourse();
  feed(course, start, 10, 20, 5);
  const { total, windowMs, routes } = course.toMetrics(start + 10_000);
  expect(windowMs).toBe(10_000);
  expect(total).toMatchObject({ requestsPerSecond: 20, errorShare: 0.25, upstreamErrorShare: 0.25 });
  expect(routes).toMatchObject([{ route: 'search', requestsPerSecond: 20 }]);
  expect(total.samples.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([20, 20]);
});

test('watched without a request: the rate is zero, shares and latencies are unknown', () => {
  const course = createCourse();
  feed(course, start, 10, 0);
  expect(course.toMetrics(start + 10_000).total).toMatchObject({ requestsPerSecond: 0, errorShare: null, p95Ms: null });
});

test('time that nobody watched is null, not zero', () => {
  const course = createCourse();
  feed(course, start, 5, 10);
  feed(course, start + 15_000, 5, 10);
  const { samples } = course.toMetrics(start + 20_000).total;
  expect(samples.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([10, null, null, 10]);
});

test('the figures are gone a minute after the last scrape', () => {
  const course = createCourse();
  feed(course, start, 10, 10);
  expect(course.toMetrics(start + 75_000).total.requestsPerSecond).toBeNull();
});

test('the course is bounded to 15 minutes', () => {
  const course = createCourse();
  feed(course, start, 1200, 10);
  const { samples } = course.toMetrics(start + 1_200_000).total;
  expect(samples).toHaveLength(180);
  expect(samples.every(({ requestsPerSecond }) => requestsPerSecond === 10)).toBe(true);
});

test('two replicas add up their requests, not their time', () => {
  const course = createCourse();
  const delta = toDelta(stats(start, { a: counters() }), stats(start + 1000, { a: counters({ ok: 10 }) }), gapMs);
  if (!delta) throw new Error('no delta');
  course.add(delta, 1000);
  course.add(delta, 0);
  expect(course.toMetrics(start + 1000).total.requestsPerSecond).toBe(20);
});
