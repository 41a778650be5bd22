import { expect, test } from 'vitest';
import type { Change, Environment, RouteMetrics, Service } from '../../../app/contract/index.ts';
import { formatClock } from '../../components/format.ts';
import { toMarks } from './marks.ts';
import { toNetworkGroups, toNetworkLabel } from './networkGroups.ts';
import type { RouteRow } from './routeRows.ts';
import { findUnwatched, toTrafficCourse } from './trafficCourse.ts';
import { splitAtMention, toMarkdown } from './verdictText.ts';

const createService = (name: string, kind: Service['kind'], networks: string[]) =>
  ({ name, kind, networks }) as Service;

test('a service on several networks stands in the smallest, and never in the one for metrics', () => {
  const services = [
    createService('prometheus', 'metrics', ['monitoring']),
    createService('backend', 'app', ['monitoring', 'backend']),
    createService('postgres', 'store', ['backend']),
    createService('api_gateway', 'gateway', ['monitoring', 'backend', 'public']),
    createService('nginx', 'edge', ['public']),
  ];
  const members = (network: string) =>
    services.filter((service) => service.networks.includes(network)).map(({ name }) => name);
  const networks = ['monitoring', 'backend', 'public'].map((name) => ({
    name,
    internal: null,
    services: members(name),
  }));
  const groups = toNetworkGroups({ services, networks });
  expect(groups.map((group) => [group.name, group.services.map((entry) => entry.service.name)])).toEqual([
    ['public', ['api_gateway', 'nginx']],
    ['backend', ['backend', 'postgres']],
    ['monitoring', ['prometheus']],
  ]);
  expect(groups[1]?.services[0]?.others).toEqual(['monitoring']);
});

test('a service without a network is shown all the same', () => {
  const groups = toNetworkGroups({ services: [createService('lonely', 'app', [])], networks: [] });
  expect(groups).toMatchObject([{ name: 'no network', services: [{ others: [] }] }]);
});

test('the word network is left out of its label', () => {
  expect(['backend_network', 'ai-net', 'network', 'default'].map(toNetworkLabel)).toEqual([
    'backend',
    'ai',
    'network',
    'default',
  ]);
});

const sample = (at: number, requestsPerSecond: number | null, errorShare: number | null = 0) => ({
  at,
  requestsPerSecond,
  errorShare,
  p95Ms: null,
});

test('the smallest routes are one series, and what nobody watched stays unknown', () => {
  const rates = { a: 50, b: 40, c: 30, d: 20, e: 10, f: 0 };
  const metrics = {
    routes: Object.entries(rates).map(([route, rate]) => ({ route, samples: [sample(1, null), sample(2, rate)] })),
    total: { samples: [sample(1, null, null), sample(2, 150, 0.1)] },
  } as unknown as RouteMetrics;
  const course = toTrafficCourse(metrics);
  expect(course.names).toEqual(['a', 'b', 'c', 'other']);
  expect(course.points).toEqual([
    { at: 1, series: { a: null, b: null, c: null, other: null }, errors: null },
    { at: 2, series: { a: 50, b: 40, c: 30, other: 30 }, errors: 15 },
  ]);
});

test('time that nobody watched reaches from what was seen before to what was seen after', () => {
  const seen = (at: number, errors: number | null) => ({ at, errors, series: {} });
  const points = [seen(1, null), seen(2, 0), seen(3, null), seen(4, null), seen(5, 0), seen(6, null)];
  expect(findUnwatched(points)).toEqual([
    [1, 2],
    [2, 5],
    [5, 6],
  ]);
});

test('marks too close to each other share the words of the first, and those near the end stand to the left', () => {
  const change = (id: string, at: number, level: Change['level'] = 'down') =>
    ({ id, at, level, subject: id }) as Change;
  const marks = toMarks(
    [change('late', 950), change('close', 120), change('early', 100), change('fine', 500, 'ok')],
    [0, 1000],
    formatClock,
  );
  expect(marks.map((mark) => [mark.change.id, mark.label !== '', mark.side])).toEqual([
    ['early', true, 'right'],
    ['close', false, 'right'],
    ['late', true, 'left'],
  ]);
});

test('a name is found as a whole word only', () => {
  expect(splitAtMention('elasticsearch and search stopped', 'search')).toEqual(['elasticsearch and ', ' stopped']);
  expect(splitAtMention('elasticsearch stopped', 'search')).toBeNull();
  expect(splitAtMention('anything', '')).toBeNull();
});

test('text of containers is not markup in what is copied', () => {
  const verdict = {
    impact: 'Down: [x](javascript:1)',
    firstCause: { kind: 'service', name: 'a', text: '<img> | a' },
    level: 'down',
    evidence: [],
    next: [],
  } as const;
  const environment = { id: 'docker~shop', verdict } as unknown as Environment;
  const row = {
    id: 'r',
    level: 'down',
    route: { paths: ['/a|b/*'], upstream: 'u' },
    figures: { requestsPerSecond: 2, errorShare: 1 },
    breaker: { state: 'open' },
  } as unknown as RouteRow;
  const text = toMarkdown(environment, [row], Date.UTC(2026, 0, 1));
  expect(text).toContain('**Down: \\[x\\](javascript:1)**');
  expect(text).toContain('\\<img\\> \\| a');
  expect(text).toContain('| /a\\|b/\\* | u | 2.0 | 100.0 | open |');
  expect(text).toContain('docker~shop, 2026-01-01 00:00:00 UTC');
});
