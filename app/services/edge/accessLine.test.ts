import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAccessLine } from './accessLine.ts';

/** As `log_format edge` of the platform's nginx.conf writes it. */
const edgeLine = (given: Record<string, unknown> = {}) =>
  JSON.stringify({
    time: '2026-03-04T14:03:29+00:00',
    request_id: '0123456789abcdef0123456789abcdef',
    method: 'GET',
    path: '/ai/search/query/',
    status: 200,
    bytes: 512,
    seconds: 0.012,
    upstream: '172.18.0.4:8080',
    upstream_status: '200',
    upstream_seconds: '0.011',
    limited: '',
    client: '10.0.0.7',
    scheme: 'https',
    tls: 'TLSv1.3',
    ...given,
  });

test('a line of the platform is read whole', () => {
  expect(parseAccessLine(edgeLine())).toEqual({
    format: 'json',
    requestId: '0123456789abcdef0123456789abcdef',
    path: '/ai/search/query/',
    status: 200,
    ms: 12,
    upstreamMs: 11,
    upstreamStatus: 200,
    wentUpstream: true,
    isLimited: false,
    host: null,
    protocol: 'TLSv1.3',
  });
});

test.each([
  [
    'refused by its own limit',
    { limited: 'REJECTED', status: 429, upstream: '' },
    { isLimited: true, wentUpstream: false },
  ],
  [
    'several upstreams',
    { upstream_status: '502, 200', upstream_seconds: '0.010, 0.020' },
    { upstreamStatus: 200, upstreamMs: 30 },
  ],
  [
    'an upstream that gave no time',
    { upstream_seconds: '-', upstream_status: '-' },
    { upstreamMs: null, upstreamStatus: null },
  ],
  ['plain HTTP', { scheme: 'http', tls: '' }, { protocol: 'plain' }],
  ['a host', { host: 'Shop.Example' }, { host: 'shop.example' }],
])('%s', (_, given, expected) => {
  expect(parseAccessLine(edgeLine(given))).toMatchObject(expected);
});

test("nginx's own names of variables do as well", () => {
  const line = { request: 'POST /orders?token=x HTTP/1.1', status: '201', request_time: '0.250', ssl_protocol: '' };
  expect(parseAccessLine(JSON.stringify(line))).toMatchObject({
    path: '/orders',
    status: 201,
    ms: 250,
    protocol: 'plain',
  });
});

test('a status that never was is written as 000, which is no JSON', () => {
  expect(parseAccessLine(edgeLine().replace('"status":200', '"status":000'))).toMatchObject({ status: 0 });
});

test.each([
  [
    'combined',
    '10.0.0.7 - - [04/Mar/2026:14:03:29 +0000] "GET /a/b?c=d HTTP/1.1" 304 0 "-" "curl/8.5.0"',
    { path: '/a/b', status: 304 },
  ],
  [
    "the image's own format, with a field behind it",
    '10.0.0.7 - bob [04/Mar/2026:14:03:29 +0000] "GET / HTTP/2.0" 200 615 "-" "x \\x22 y" "192.0.2.1"',
    { path: '/', status: 200 },
  ],
  [
    'no request at all',
    '10.0.0.7 - - [04/Mar/2026:14:03:29 +0000] "\\x16\\x03\\x01" 400 157 "-" "-"',
    { path: '', status: 400 },
  ],
])('%s', (_, line, expected) => {
  expect(parseAccessLine(line)).toMatchObject({ format: 'combined', ms: null, requestId: null, ...expected });
});

test.each([
  ['a line of the error log', '2026/03/04 14:03:29 [error] 31#31: *7 connect() failed (111: Connection refused)'],
  ['JSON of somebody else', '{"level":"info","message":"GET / 200"}'],
  ['JSON without a request', '{"status":200}'],
  ['a status of another world', '{"status":20000,"path":"/"}'],
  ['an array', '[200,"/"]'],
  ['what was cut', '{"status":200,"path":"/a'],
  ['nothing', ''],
])('%s is no access line', (_, line) => {
  expect(parseAccessLine(line)).toBeUndefined();
});

test('whatever is written, reading it ends, throws nothing and keeps nothing without bound', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc
      .dictionary(
        fc.constantFrom('status', 'path', 'request_id', 'seconds', 'upstream', '__proto__'),
        fc.oneof(fc.string({ maxLength: 40 }), fc.double(), fc.nat(), fc.constant(null)),
      )
      .map((value) => JSON.stringify(value)),
    fc.string({ maxLength: 100 }).map((text) => `a - - [b] "${text}" 200 1`),
  );
  fc.assert(
    fc.property(anything, (line) => {
      const record = parseAccessLine(line);
      if (!record) return true;
      const { status, requestId, path } = record;
      const isBounded = status >= 0 && status <= 999 && (requestId ?? '').length <= 256;
      return isBounded && (path === '' || path.startsWith('/')) && !/[?#]/.test(path);
    }),
  );
});

test('what a line says is what is read, whatever the path', () => {
  const pieces = fc.array(fc.constantFrom('a', 'search', '7', '/', '"', '\\', 'ü', '%', ' ', '{'), { maxLength: 20 });
  const path = pieces.map((parts) => `/${parts.join('')}`);
  const status = fc.integer({ min: 100, max: 599 });
  fc.assert(
    fc.property(path, status, fc.nat({ max: 60_000 }), (said, code, ms) => {
      const record = parseAccessLine(edgeLine({ path: said, status: code, seconds: ms / 1000 }));
      expect(record).toMatchObject({ path: said, status: code });
      expect(record?.ms).toBeCloseTo(ms, 6);
    }),
  );
});
