import { expect, test } from 'vitest';
import { sampleContainer, sampleService } from '../services/serviceSample.ts';
import { sayBlastRadius, toBlastRadius } from './blastRadius.ts';

const on = (...names: string[]) => names.map((service) => ({ service, condition: 'healthy' as const }));
const topology = {
  services: [
    sampleService({ name: 'db', routes: [] }),
    sampleService({ name: 'search', dependsOn: on('db'), routes: ['ai-search', 'old-search'] }),
    sampleService({ name: 'web', dependsOn: on('search'), routes: ['web'] }),
    sampleService({
      name: 'job',
      dependsOn: on('db'),
      routes: [],
      containers: [sampleContainer({ state: 'exited', exitCode: 0 })],
    }),
    sampleService({ name: 'mail', routes: [] }),
  ],
};
const figures = { errorShare: 0, upstreamErrorShare: 0, clientErrorShare: 0, limitedShare: 0 };
const times = { p50Ms: 1, p95Ms: 1, p99Ms: 1, samples: [] };
const toMetrics = (rates: Record<string, number | null>) => ({
  windowMs: 60_000,
  routes: Object.entries(rates).map(([route, requestsPerSecond]) => ({
    route,
    requestsPerSecond,
    ...figures,
    ...times,
  })),
});

test('dependents are found over all steps of the way, those that run, the direct ones first', () => {
  expect(toBlastRadius(['db'], topology, null).dependents).toEqual([
    { service: 'search', isDirect: true },
    { service: 'web', isDirect: false },
  ]);
});

test('routes that end there are told by how much they carry, apart from those of dependents', () => {
  const radius = toBlastRadius(['search'], topology, toMetrics({ 'ai-search': 2, 'old-search': 10.4, web: 3 }));
  expect(radius.routes.map(({ route }) => route)).toEqual(['old-search', 'ai-search']);
  expect(radius.dependentRoutes).toEqual([{ route: 'web', service: 'web', requestsPerSecond: 3 }]);
  expect(sayBlastRadius(radius)).toBe(
    '12.4 requests/s of 2 routes end here (last 60 s); 1 other running service depends on it.',
  );
});

test('what nobody measured is unknown, not nothing', () => {
  const radius = toBlastRadius(['search'], topology, toMetrics({ 'ai-search': 2, 'old-search': null }));
  expect(radius.requestsPerSecond).toBeNull();
  expect(sayBlastRadius(toBlastRadius(['search'], topology, null))).toMatch(/^An unknown number of requests\/s/);
});

test('where nobody is hit, that is said', () => {
  expect(sayBlastRadius(toBlastRadius(['mail'], topology, null))).toBe(
    'No route ends here; no other running service depends on it.',
  );
});

test('services that end together are not each other’s victims', () => {
  expect(toBlastRadius(['db', 'search', 'web'], topology, null).dependents).toEqual([]);
});
