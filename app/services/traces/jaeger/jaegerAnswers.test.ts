import { expect, test } from 'vitest';
import { toTrace } from '../analysis/toTrace.ts';
import { readOtlpJson } from '../otlp/otlpJson.ts';
import { readNames, readTraces } from './jaegerAnswers.ts';

const traceID = '5b8efff798038103d269b633813fc60c';
const other = '0af7651916cd43dd8448eb211c80319c';
const tag = (key: string, type: string, value: unknown) => ({ key, type, value });
/** As Jaeger 2 answers `/api/traces/ID` for the spans below. */
const answer = {
  traceID,
  spans: [
    {
      traceID,
      spanID: 'aaaaaaaaaaaaaaaa',
      operationName: 'POST /api/orders',
      references: [{ refType: 'FOLLOWS_FROM', traceID: other, spanID: 'cccccccccccccccc' }],
      startTime: 1_772_366_400_000_000,
      duration: 250_000,
      tags: [
        tag('span.kind', 'string', 'server'),
        tag('http.response.status_code', 'int64', 500),
        tag('otel.status_code', 'string', 'ERROR'),
        tag('otel.status_description', 'string', 'no stock'),
        tag('error', 'bool', true),
      ],
      logs: [],
      processID: 'p1',
      warnings: null,
    },
    {
      traceID,
      spanID: 'bbbbbbbbbbbbbbbb',
      operationName: 'reserve',
      references: [{ refType: 'CHILD_OF', traceID, spanID: 'aaaaaaaaaaaaaaaa' }],
      startTime: 1_772_366_400_050_000,
      duration: 100_000,
      tags: [tag('db.system', 'string', 'postgresql'), tag('span.kind', 'string', 'client')],
      logs: [
        {
          timestamp: 1_772_366_400_060_000,
          fields: [tag('event', 'string', 'retry'), tag('attempt', 'int64', 2)],
        },
      ],
      processID: 'p1',
      warnings: ['clock skew adjustment disabled'],
    },
  ],
  processes: { p1: { serviceName: 'backend', tags: [tag('host.name', 'string', 'b1')] } },
  warnings: null,
};

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
/** The same as a program sends it. */
const sent = {
  resourceSpans: [
    {
      resource: { attributes: [text('service.name', 'backend'), text('host.name', 'b1')] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: traceID,
              spanId: 'aaaaaaaaaaaaaaaa',
              name: 'POST /api/orders',
              kind: 2,
              startTimeUnixNano: '1772366400000000000',
              endTimeUnixNano: '1772366400250000000',
              attributes: [{ key: 'http.response.status_code', value: { intValue: 500 } }],
              links: [{ traceId: other, spanId: 'cccccccccccccccc' }],
              status: { code: 2, message: 'no stock' },
            },
            {
              traceId: traceID,
              spanId: 'bbbbbbbbbbbbbbbb',
              parentSpanId: 'aaaaaaaaaaaaaaaa',
              name: 'reserve',
              kind: 3,
              startTimeUnixNano: '1772366400050000000',
              endTimeUnixNano: '1772366400150000000',
              attributes: [text('db.system', 'postgresql')],
              events: [
                {
                  timeUnixNano: '1772366400060000000',
                  name: 'retry',
                  attributes: [{ key: 'attempt', value: { intValue: 2 } }],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

test('a trace is told alike, whether Jaeger answers it or its spans were sent here', () => {
  const [ofJaeger] = readTraces([answer]);
  const spans = readOtlpJson(sent)?.spans ?? [];
  const told = ofJaeger ? toTrace({ ...ofJaeger, notes: [] }, 'jaeger') : undefined;
  const own = toTrace({ traceId: traceID, spans, notes: [] }, 'jaeger');
  const withoutName = own.spans.map(({ rest, ...span }) => ({
    ...span,
    // Jaeger tells the service's name beside the tags of its process.
    rest: rest && { ...rest, resource: rest.resource.filter(({ key }) => key !== 'service.name') },
  }));
  expect(told).toEqual({ ...own, spans: withoutName });
});

test('what Jaeger warns of is said as its words', () => {
  expect(readTraces([answer])[0]?.notes).toEqual(['Jaeger says: clock skew adjustment disabled']);
});

test('ids of 64 bits are filled up, old parents are parents', () => {
  const old = {
    traceID: 'abc123',
    spanID: '1',
    parentSpanID: '2',
    operationName: 'x',
    startTime: 5,
    duration: 1,
    processID: 'p9',
  };
  expect(readTraces([{ spans: [old], processes: {} }])[0]?.spans[0]).toMatchObject({
    traceId: 'abc123'.padStart(32, '0'),
    parentId: '2',
    service: 'unknown_service',
  });
});

test.each([null, {}, [null], [{ spans: 'x' }], [{ spans: [{ traceID: 'z' }], processes: 7 }]])(
  '%j holds no trace',
  (data) => {
    expect(readTraces(data)).toEqual([]);
  },
);

test('names are those that are names', () => {
  expect(readNames(['b', 7, '', 'a\u001b[2J'])).toEqual(['a', 'b']);
  expect(readNames(null)).toEqual([]);
});
