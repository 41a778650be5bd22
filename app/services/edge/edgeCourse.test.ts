import { expect, test } from 'vitest';
import { parseAccessLine } from './accessLine.ts';
import { createEdgeCourse } from './edgeCourse.ts';
import { createLocations, otherLocations, refusedLocations, toLocation } from './location.ts';

const at = 1_800_000_000_000;
const line = (path: string, status = 200, seconds = 0.01) => {
  const record = parseAccessLine(JSON.stringify({ path, status, seconds }));
  if (!record) throw new Error('no record');
  return record;
};

test.each([
  ['/', '/'],
  ['/health', '/health'],
  ['/users/42/cart', '/users/*'],
  ['/api/ai/search/query/', '/api/ai/search/*'],
  ['/orders/9f86d081884c7d65', '/orders/*'],
  ['/static/app.js', '/static/*'],
  ['/42', '/*'],
  ['//a///b', '/a/b'],
])('%s is counted under %s', (path, location) => {
  expect(toLocation(path)).toBe(location);
});

test('what scanners guess takes no place, and places are bounded', () => {
  const locate = createLocations(2);
  expect(locate('/wp-login.php', 404)).toBe(refusedLocations);
  expect(locate('/a/x', 200)).toBe('/a/x');
  expect(locate('/a/x', 404)).toBe('/a/x');
  expect([locate('/b', 200), locate('/c', 200)]).toEqual(['/b', otherLocations]);
});

test('the past of a log is drawn, and seconds without a line are watched and empty', () => {
  const course = createEdgeCourse();
  for (let second = 0; second < 10; second += 1) course.add(line('/a', second === 9 ? 502 : 200), at + second * 1000);
  course.closeUntil(at + 20_000);
  const { total, source, windowMs, routes } = course.toMetrics(at + 20_000);
  expect(source).toBe('edge');
  expect(windowMs).toBe(20_000);
  expect(total).toMatchObject({ requestsPerSecond: 0.5, errorShare: 0.1 });
  expect(total.samples.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([1, 1, 0, 0]);
  expect(routes.map(({ route }) => route)).toEqual(['/a']);
  expect(total.p95Ms).toBeLessThanOrEqual(10);
});

test('a past that comes while the present is drawn already stands where it belongs', () => {
  const course = createEdgeCourse();
  course.closeUntil(at + 10_000);
  course.closeUntil(at + 15_000);
  for (const second of [7, 6, 2]) course.add(line('/a'), at + second * 1000);
  course.closeUntil(at + 20_000);
  const { samples } = course.toMetrics(at + 20_000).total;
  expect(samples.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([1 / 3, 0.4, 0, 0]);
});

test('a line that comes late is counted, and what nobody watched stays unknown', () => {
  const course = createEdgeCourse();
  course.closeUntil(at);
  course.closeUntil(at + 5000);
  course.add(line('/a'), at + 1000);
  course.closeUntil(at + 10_000);
  course.loseSight();
  course.closeUntil(at + 20_000);
  course.closeUntil(at + 25_000);
  const { samples } = course.toMetrics(at + 25_000).total;
  expect(samples.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([0.2, 0, null, null, 0]);
});
