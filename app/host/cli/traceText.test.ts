import { expect, test } from 'vitest';
import type { Span, Trace } from '../../contract/index.ts';
import { formatSearch, formatTrace, toBar } from './traceText.ts';

const span = (given: Partial<Span>): Span => ({
  id: 'a',
  parentId: null,
  service: 'shop',
  name: 'GET',
  kind: 'server',
  startMs: 0,
  durationMs: 100,
  status: 'unset',
  error: null,
  depth: 0,
  childCount: 0,
  eventCount: 0,
  selfMs: 100,
  criticalMs: 100,
  isOrphan: false,
  skewMs: 0,
  rest: null,
  ...given,
});
const summary: Trace['summary'] = {
  traceId: '4bf9',
  at: Date.parse('2026-03-01T12:00:00.250Z'),
  durationMs: 100,
  root: { service: 'shop', name: 'GET' },
  isPartial: false,
  route: 'orders',
  httpStatus: 200,
  requestId: null,
  spanCount: 2,
  errorCount: 1,
  services: [],
  serviceCount: 1,
};
const trace: Trace = {
  traceId: '4bf9',
  source: 'jaeger',
  summary,
  spans: [
    span({ childCount: 1 }),
    span({ id: 'b', depth: 1, startMs: 25, durationMs: 50, status: 'error', error: 'no\u009b2J stock' }),
  ],
  spanCount: 2,
  critical: [
    { span: 0, fromMs: 0, toMs: 25 },
    { span: 1, fromMs: 25, toMs: 75 },
    { span: 0, fromMs: 75, toMs: 100 },
  ],
  services: [{ service: 'shop', spans: 2, errors: 1, selfMs: 100, criticalMs: 100 }],
  gaps: [],
  notes: ['The clock of shop differs.'],
};

test('a bar shows when a span ran, and where its end was waited for', () => {
  expect(toBar(trace, 0)).toBe(`${'█'.repeat(10)}${'░'.repeat(20)}${'█'.repeat(10)}`);
  expect(toBar(trace, 1)).toBe(`${' '.repeat(10)}${'█'.repeat(20)}${' '.repeat(10)}`);
});

test('a span that takes no time has a column all the same', () => {
  const spans = [span({ startMs: 100, durationMs: 0 })];
  expect(toBar({ ...trace, spans, critical: [] }, 0)).toBe(`${' '.repeat(39)}░`);
});

test('a waterfall names its spans by depth, failures with their reason, and what is missing', () => {
  const text = formatTrace(trace);
  expect(text).toContain('trace 4bf9 · shop GET · 100 ms · 2 spans of 1 services · 1 failed');
  expect(text).toMatch(/\n {2}shop GET .* 50\.0 .*■ no\ufffd2J stock/);
  expect(text).toContain('█ critical path: shop 100 ms');
  expect(text).toContain('The clock of shop differs.');
});

test('a list is a row a trace, and says when there may be more', () => {
  const found = { at: 0, from: 0, to: 1, isPartial: true, notes: ['There are more.'], services: [] };
  const text = formatSearch({ ...found, traces: [summary] });
  expect(text).toMatch(/2026-03-01 12:00:00\.250 +4bf9 +100 +2 +■ 1 +orders +shop GET/);
  expect(text).toContain('There are more.');
  expect(formatSearch({ ...found, traces: [], notes: [] })).toContain('no trace fits');
});
