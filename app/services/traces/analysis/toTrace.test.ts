import { expect, test } from 'vitest';
import { traceQuerySchema, traceSchema } from '../../../contract/index.ts';
import type { RawSpan } from '../rawSpan.ts';
import { child, span, TRACE } from '../test/spans.ts';
import { fitsQuery, toSummary } from './summarise.ts';
import { findRest, toTrace } from './toTrace.ts';

const route = [
  { key: 'gatehouse.route.id', value: 'ai-search' },
  { key: 'http.route', value: '/api/ai/search/*' },
  { key: 'gatehouse.request.id', value: 'req-1' },
  { key: 'http.response.status_code', value: 503 },
];
const request = (): RawSpan[] => [
  span('gateway', 0, 100_000, { service: 'api-gateway', attributes: route }),
  span('try', 10_000, 90_000, child('gateway', { service: 'api-gateway', kind: 'client' })),
  span('server', 20_000, 80_000, child('try', { service: 'search', status: 'error', error: 'no index' })),
];
const trace = (spans: readonly RawSpan[]) => ({ traceId: TRACE, spans, notes: [] });

test('times are told after the beginning of the trace, with what each span did itself', () => {
  const told = toTrace(trace(request()), 'jaeger');
  expect(traceSchema.parse(told)).toEqual(told);
  expect(told.summary).toMatchObject({ durationMs: 100, route: 'ai-search', httpStatus: 503, requestId: 'req-1' });
  expect(
    told.spans.map(({ startMs, durationMs, selfMs, criticalMs }) => [startMs, durationMs, selfMs, criticalMs]),
  ).toEqual([
    [0, 100, 20, 20],
    [10, 80, 20, 20],
    [20, 60, 60, 60],
  ]);
  expect(told.services.map(({ service, criticalMs }) => [service, criticalMs])).toEqual([
    ['search', 60],
    ['api-gateway', 40],
  ]);
});

test('time in which no span ran is a gap', () => {
  const { gaps } = toTrace(trace([span('sent', 0, 1000), span('taken', 51_000, 60_000, child('sent'))]), 'collector');
  expect(gaps).toEqual([{ fromMs: 1, toMs: 51 }]);
});

test('what is missing is said', () => {
  const { notes, summary } = toTrace(trace([span('root', 0, 1), span('lost', 5, 9, child('nobody'))]), 'jaeger');
  expect(summary.isPartial).toBe(true);
  expect(notes.join(' ')).toContain('1 span names a parent that has not come');
});

test('of a trace that is too large for one message attributes are asked for span by span', () => {
  const large = trace(request());
  const told = toTrace(large, 'jaeger', { restCharacters: 50 });
  expect(told.spans.every(({ rest }) => rest === null)).toBe(true);
  expect(findRest(large, 'gateway')?.attributes).toEqual(route);
  expect(findRest(large, 'nobody')).toBeUndefined();
});

test('ten thousand spans are told, more are counted', () => {
  const spans = Array.from({ length: 10_050 }, (_, place) =>
    span(`s${place}`, place, place + 10, place === 0 ? {} : child('s0')),
  );
  const told = toTrace(trace(spans), 'jaeger');
  expect([told.spans.length, told.spanCount]).toEqual([10_000, 10_050]);
  expect(told.notes.join(' ')).toContain('50 more are not');
});

test.each([
  [{}, true],
  [{ service: 'search' }, true],
  [{ service: 'backend' }, false],
  [{ error: true }, true],
  [{ error: true, service: 'api-gateway' }, false],
  [{ minMs: 100 }, true],
  [{ minMs: 100.1 }, false],
  [{ maxMs: 99 }, false],
  [{ service: 'search', maxMs: 60 }, true],
  [{ service: 'search', minMs: 61 }, false],
  [{ route: 'ai-search' }, true],
  [{ route: '/api/ai/search/*' }, true],
  [{ route: 'ai' }, false],
  [{ requestId: 'req-1', service: 'search' }, true],
  [{ requestId: 'req-2' }, false],
])('a search for %j fits: %s', (query, fits) => {
  const given = trace(request());
  expect(fitsQuery(given, toSummary(given), traceQuerySchema.parse(query))).toBe(fits);
});

test('the root is the one that names no parent, or the longest of those whose parent is missing', () => {
  const spans = [span('orphan', 0, 500, child('nobody')), span('root', 100, 200)];
  expect(toSummary(trace(spans)).root.name).toBe('root');
  expect(toSummary(trace([...spans.slice(0, 1), span('small', 0, 5, child('nobody'))])).root.name).toBe('orphan');
});
