import { expect, test } from 'vitest';
import { readOtlpJson } from './otlpJson.ts';

const traceId = '5B8EFFF798038103D269B633813FC60C';
const given = {
  traceId,
  spanId: 'EEE19B7EC3C1B174',
  parentSpanId: 'EEE19B7EC3C1B173',
  name: 'POST /orders',
  startTimeUnixNano: '1772366400000001500',
  endTimeUnixNano: '1772366400250001500',
  kind: 2,
  attributes: [
    { key: 'http.response.status_code', value: { intValue: '500' } },
    { key: 'sampled', value: { boolValue: true } },
    { key: 'share', value: { doubleValue: 0.25 } },
    { key: 'large', value: { intValue: '9007199254740993' } },
    { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: 2 }] } } },
    { key: 'map', value: { kvlistValue: { values: [{ key: 'b', value: { boolValue: false } }] } } },
  ],
  events: [
    {
      timeUnixNano: '1772366400100000000',
      name: 'exception',
      attributes: [
        { key: 'exception.message', value: { stringValue: 'no\u001b[31m stock' } },
        { key: 'exception.stacktrace', value: { stringValue: 'Error\n  at order' } },
      ],
    },
  ],
  links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', attributes: [] }],
  status: { code: 2 },
};
const request = (...spans: unknown[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'backend' } }] },
      scopeSpans: [{ scope: { name: 'http' }, spans }],
    },
  ],
});
const readOne = (change: object = {}) => readOtlpJson(request({ ...given, ...change }))?.spans[0];

test('a span is read with all that it says', () => {
  expect(readOne()).toMatchObject({
    traceId: traceId.toLowerCase(),
    id: 'eee19b7ec3c1b174',
    parentId: 'eee19b7ec3c1b173',
    service: 'backend',
    kind: 'server',
    durationUs: 250_000,
    status: 'error',
    error: 'no stock',
    attributes: [
      { key: 'http.response.status_code', value: 500 },
      { key: 'sampled', value: true },
      { key: 'share', value: 0.25 },
      { key: 'large', value: '9007199254740993' },
      { key: 'list', value: '["a",2]' },
      { key: 'map', value: '{"b":false}' },
    ],
    links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', attributes: [] }],
  });
  expect(readOne()?.events[0]?.attributes[1]?.value).toBe('Error\n  at order');
});

test.each([
  [{ kind: 'SPAN_KIND_CLIENT' }, { kind: 'client' }],
  [{ kind: 99 }, { kind: 'unspecified' }],
  [{ parentSpanId: '' }, { parentId: null }],
  [{ parentSpanId: '0000000000000000' }, { parentId: null }],
  [{ status: { code: 'STATUS_CODE_OK' } }, { status: 'ok', error: null }],
  [{ status: { code: 2, message: 'gone' } }, { error: 'gone' }],
  [{ status: {} }, { status: 'unset' }],
  [{ startTimeUnixNano: 1772366400000000000 }, { startUs: 1_772_366_400_000_000 }],
  [{ endTimeUnixNano: '1' }, { durationUs: 0 }],
  [{ name: '' }, { name: 'unnamed' }],
  [
    { attributes: 'none', events: null, links: 7 },
    { attributes: [], events: [], links: [] },
  ],
])('%j is read as %j', (change, expected) => {
  expect(readOne(change)).toMatchObject(expected);
});

test.each([
  [{ traceId: 'abc' }],
  [{ traceId: '0'.repeat(32) }],
  [{ spanId: 'zzzzzzzzzzzzzzzz' }],
  [{ startTimeUnixNano: 'soon' }],
  [{ endTimeUnixNano: '99999999999999999999' }],
])('a span with %j cannot be read and is counted', (change) => {
  expect(readOtlpJson(request(given, { ...given, ...change }))).toMatchObject({ unreadable: 1 });
});

test.each([null, [], {}, { resourceSpans: {} }, 'text'])('%j is no export of spans', (body) => {
  expect(readOtlpJson(body)).toBeUndefined();
});

test('what is within its shape may be anything', () => {
  const odd = [{ scopeSpans: [{ spans: [null, 7, {}] }] }, null, { resource: 1, scopeSpans: 'x' }];
  expect(readOtlpJson({ resourceSpans: odd })).toMatchObject({ spans: [], unreadable: 3 });
});

test('attributes, events and values are bounded', () => {
  const many = Array.from({ length: 500 }, (_, place) => ({
    key: `k${place}`,
    value: { stringValue: 'x'.repeat(9000) },
  }));
  const span = readOne({ attributes: many, events: many.map(() => ({ name: 'e', timeUnixNano: '1' })) });
  expect([span?.attributes.length, span?.events.length]).toEqual([128, 64]);
  expect(String(span?.attributes[0]?.value).length).toBe(4096);
});

test('a value that is deep within itself ends somewhere', () => {
  let deep: unknown = { stringValue: 'end' };
  for (let level = 0; level < 50; level += 1) deep = { arrayValue: { values: [deep] } };
  expect(readOne({ attributes: [{ key: 'deep', value: deep }] })?.attributes[0]?.value).toContain('…');
});
