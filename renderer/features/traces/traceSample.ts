// A trace for tests of what is made of one.
import type { Span, Trace } from '../../../app/contract/index.ts';

export function toSpan(id: string, depth: number, given: Partial<Span> = {}): Span {
  return {
    id,
    parentId: null,
    service: 'search',
    name: id,
    kind: 'server',
    startMs: 0,
    durationMs: 100,
    status: 'unset',
    error: null,
    depth,
    childCount: 0,
    eventCount: 0,
    selfMs: 10,
    criticalMs: 0,
    isOrphan: false,
    skewMs: 0,
    rest: { attributes: [], resource: [], events: [], links: [] },
    ...given,
  };
}

export const sampleTrace: Trace = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  source: 'jaeger',
  summary: {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    at: Date.parse('2026-03-01T12:00:00Z'),
    durationMs: 200,
    root: { service: 'api-gateway', name: 'GET /ai/*' },
    isPartial: false,
    route: 'ai-search',
    httpStatus: 503,
    requestId: 'req-1',
    spanCount: 4,
    errorCount: 1,
    services: [],
    serviceCount: 2,
  },
  spans: [
    toSpan('root', 0, { childCount: 2, service: 'api-gateway' }),
    toSpan('a', 1, { childCount: 1 }),
    toSpan('deep', 2, { status: 'error', error: 'no | index' }),
    toSpan('b', 1),
  ],
  spanCount: 4,
  critical: [
    { span: 0, fromMs: 0, toMs: 50 },
    { span: 2, fromMs: 50, toMs: 200 },
  ],
  services: [{ service: 'search', spans: 3, errors: 1, selfMs: 30, criticalMs: 150 }],
  gaps: [],
  notes: [],
};
