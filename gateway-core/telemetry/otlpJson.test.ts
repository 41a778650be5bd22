import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OtlpBatch } from './otlpJson.ts';
import type { SpanFacts } from './spanFacts.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const origin = { serviceName: 'edge "1"', gateway: 'gw', version: '0.1.0' };

const facts = (more: Partial<SpanFacts> = {}): SpanFacts => ({
  trace: {
    traceId: TRACE,
    spanId: 'b7ad6b7169203331',
    parentId: null,
    flags: 3,
    sampled: true,
    tracestate: '',
    baggage: '',
    left: null,
  },
  requestId: 'r1',
  at: 1_760_000_000_123,
  durationMs: 4.25,
  method: 'GET',
  scheme: 'http',
  host: 'shop.example:8080',
  path: '/a',
  query: '',
  httpVersion: '1.1',
  client: '192.0.2.1',
  peer: '127.0.0.1',
  userAgent: null,
  route: { id: 'r', pattern: '/a' },
  upstream: { name: 'app', authority: '[::1]:80', scheme: 'http' },
  forwardedTarget: '/a',
  status: 200,
  code: null,
  aborted: false,
  replayOf: null,
  tries: [
    {
      spanId: '00f067aa0ba902b7',
      replica: '[::1]:80',
      address: '[::1]:80',
      startMs: 1.000001,
      endMs: 3.5,
      status: 200,
      failure: null,
    },
  ],
  ...more,
});

interface Span {
  readonly attributes: { key: string; value: Record<string, unknown> }[];
  readonly [field: string]: unknown;
}

/** One for all tests: what was in it before must not show. */
const batch = new OtlpBatch(origin);

function parse(exchanges: SpanFacts[]) {
  batch.clear();
  for (const exchange of exchanges) batch.add(exchange);
  return JSON.parse(batch.finish().toString('latin1')).resourceSpans[0] as {
    resource: { attributes: Span['attributes'] };
    scopeSpans: [{ scope: unknown; spans: Span[] }];
  };
}

const spansOf = (...exchanges: SpanFacts[]) => parse(exchanges).scopeSpans[0].spans;
const attributesOf = (span: Span | undefined) =>
  Object.fromEntries(span?.attributes.map(({ key, value }) => [key, Object.values(value)[0]]) ?? []);

test('several exchanges are one request of one resource, each with its tries behind it', () => {
  const { resource, scopeSpans } = parse([facts(), facts({ tries: [] })]);
  expect(resource.attributes[0]).toEqual({ key: 'service.name', value: { stringValue: 'edge "1"' } });
  expect(scopeSpans[0].scope).toEqual({ name: 'gatehouse-gateway', version: '0.1.0' });
  expect(scopeSpans[0].spans.map(({ kind, name }) => [kind, name])).toEqual([
    [2, 'GET /a'],
    [3, 'GET'],
    [2, 'GET /a'],
  ]);
});

test('times are nanoseconds since 1970 as decimal texts', () => {
  const [server, client] = spansOf(facts());
  expect([server?.startTimeUnixNano, server?.endTimeUnixNano]).toEqual(['1760000000123000000', '1760000000127250000']);
  expect(client?.startTimeUnixNano).toMatch(/^176000000012400\d{4}$/);
  expect(BigInt(String(client?.startTimeUnixNano))).toBeLessThan(BigInt(String(client?.endTimeUnixNano)));
});

test('a try that broke off before it began has no negative duration', () => {
  const [first] = facts().tries;
  const [, client] = spansOf(facts({ tries: [{ ...first, endMs: 0, status: null, failure: 'connect' } as never] }));
  expect(client?.endTimeUnixNano).toBe(client?.startTimeUnixNano);
});

test('addresses and ports are apart, brackets gone', () => {
  const [server, client] = spansOf(facts());
  expect(attributesOf(server)).toMatchObject({ 'server.address': 'shop.example', 'server.port': 8080 });
  expect(attributesOf(client)).toMatchObject({ 'network.peer.address': '::1', 'network.peer.port': 80 });
  const [bare] = spansOf(facts({ host: '' }));
  expect(Object.keys(attributesOf(bare))).not.toContain('server.address');
});

test('a parent in another process is said to be remote, our own is not', () => {
  const { trace } = facts();
  const [server, client] = spansOf(facts({ trace: { ...trace, parentId: '1111111111111111' } }));
  expect(server).toMatchObject({ parentSpanId: '1111111111111111', flags: 0x303 });
  expect(client).toMatchObject({ parentSpanId: trace.spanId, flags: 0x103 });
});

test('no text breaks out of its place', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('"', '\\', '\u2028', '\u0000', '","x":"', '\ud800'),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const [first] = facts().tries;
      const given = facts({
        method: text,
        host: text,
        path: text,
        query: `?${text}`,
        userAgent: text,
        requestId: text,
        route: { id: text, pattern: text },
        upstream: { name: text, authority: text, scheme: 'http' },
        tries: [{ ...first, address: text } as never],
      });
      const spans = spansOf(given, facts());
      expect(spans).toHaveLength(4);
      expect(attributesOf(spans[0])).toMatchObject({
        'url.path': text,
        'user_agent.original': text,
        'gatehouse.request.id': text,
        'http.route': text,
      });
      expect(attributesOf(spans[1])['gatehouse.upstream.name']).toBe(text);
      expect(spans[2]?.traceId).toBe(TRACE);
    }),
  );
});

test('a value of any length becomes one of at most 2,048 characters', () => {
  const [server] = spansOf(facts({ path: `/${'x'.repeat(20_000)}` }));
  expect(String(attributesOf(server)['url.path'])).toHaveLength(2_048);
});

test('a batch that is larger than any before is whole, and so is a small one behind it', () => {
  const many = Array.from({ length: 300 }, (_, index) => facts({ path: `/${'x'.repeat(index * 9)}`, tries: [] }));
  for (const exchanges of [[facts()], many, [...many, ...many, ...many], many, [facts()]]) {
    const paths = spansOf(...exchanges).flatMap((span) => attributesOf(span)['url.path'] ?? []);
    expect(paths).toEqual(exchanges.map(({ path }) => path.slice(0, 2_048)));
  }
});
