import { expect, test } from 'vitest';
import { parseLogsQuery } from '../logs/logsQuery.ts';
import { toScatter } from './scatterPoints.ts';
import { toKnownService, toSpanPlaces, toTracePlaces } from './spanPlaces.ts';
import { toListMarkdown, toMarkdown } from './traceMarkdown.ts';
import { sampleTrace, toSpan } from './traceSample.ts';

test('slow and fast are both seen: a decade has the same height', () => {
  const of = (at: number, durationMs: number) => ({ ...sampleTrace.summary, at, durationMs });
  const { points, lines } = toScatter([of(0, 1), of(50, 10), of(100, 100)], { from: 0, to: 100 });
  expect(points.map(({ x, y }) => [x, y])).toEqual([
    [0, 100],
    [50, 50],
    [100, 0],
  ]);
  expect(lines.map(({ ms }) => ms)).toEqual([1, 10, 100]);
  expect(toScatter([], { from: 0, to: 0 }).points).toEqual([]);
});

test('from a trace it goes to its request, its route and the metrics of that time', () => {
  expect(toTracePlaces(sampleTrace, new Set()).map(({ view, search }) => ({ view, ...search }))).toEqual([
    { view: 'traffic', filter: `trace:${sampleTrace.traceId}`, exchange: 'req-1' },
    { view: 'routes', route: 'ai-search' },
    { view: 'metrics', range: '5m', until: String(sampleTrace.summary.at + 200 + 120_000) },
  ]);
});

test('from a span it goes to what it names, and to its service where the project has one', () => {
  const attributes = [
    { key: 'gatehouse.upstream.name', value: 'search' },
    { key: 'gatehouse.request.id', value: 'req-1' },
  ];
  const span = toSpan('try', 1, { service: 'api-gateway', rest: { attributes, resource: [], events: [], links: [] } });
  const views = (known: string[]) => toSpanPlaces(span, sampleTrace, new Set(known)).map(({ view }) => view);
  expect(views(['api_gateway'])).toEqual(['traffic', 'breakers', 'services', 'metrics', 'logs']);
  expect(views([])).toEqual(['traffic', 'breakers', 'metrics']);
});

test('a service is known by its name, however it is hyphenated', () => {
  const known = new Set(['api_gateway', 'search']);
  expect([toKnownService('api-gateway', known), toKnownService('backend', known)]).toEqual(['api_gateway', null]);
});

test('logs are those of the project’s services, at the time, with a second around it', () => {
  const { at } = sampleTrace.summary;
  const logs = toTracePlaces(sampleTrace, new Set(['search'])).find(({ view }) => view === 'logs');
  expect(parseLogsQuery(logs?.search ?? {})).toMatchObject({
    services: ['search'],
    from: at - 1000,
    to: at + 1200,
    trace: sampleTrace.traceId,
  });
});

test('as Markdown a trace keeps its figures, and what others wrote stays text', () => {
  const text = toMarkdown(sampleTrace);
  expect(text).toContain('began 2026-03-01T12:00:00.000Z');
  expect(text).toContain('`gatehouse trace 4bf92f3577b34da6a3ce929d0e0e4736`');
  expect(text).toContain('- **search** deep: no \\| index');
  expect(text).toContain('GET /ai/\\*');
});

test('as Markdown a list has a row a trace', () => {
  const found = {
    at: 0,
    from: 0,
    to: 1000,
    traces: [sampleTrace.summary],
    isPartial: true,
    notes: ['More.'],
    services: [],
  };
  const text = toListMarkdown(found, 'error `x`');
  expect(text).toContain('# 1 trace for `error x`');
  expect(text).toContain('| 2026-03-01T12:00:00.000Z | 200 | 4 | 1 | ai-search |');
  expect(text).toContain('- More.');
});
