import { expect, test } from 'vitest';
import { bodyLimitBytes, refuseExport } from './exportRequest.ts';

const head = {
  method: 'POST',
  path: '/v1/traces',
  contentType: 'application/json',
  contentEncoding: '',
  contentLength: 100,
  isOfPage: false,
};

test.each([
  [{}],
  [{ contentType: 'application/json; charset=utf-8' }],
  [{ contentEncoding: 'gzip' }],
  [{ contentLength: null }],
  [{ contentLength: bodyLimitBytes }],
])('an export with %j is read', (change) => {
  expect(refuseExport({ ...head, ...change })).toBeUndefined();
});

test.each([
  [{ contentType: 'application/x-protobuf' }, 415, 'OTEL_EXPORTER_OTLP_PROTOCOL=http/json'],
  [{ contentType: '' }, 415, 'http/json'],
  // What a page may send without being asked first (a simple request of CORS).
  [{ contentType: 'text/plain' }, 415, 'http/json'],
  [{ isOfPage: true }, 403, 'web pages'],
  [{ contentEncoding: 'br' }, 415, 'gzip'],
  [{ contentLength: bodyLimitBytes + 1 }, 413, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE'],
  [{ method: 'OPTIONS' }, 405, 'POST'],
  [{ path: '/v1/metrics' }, 404, 'traces alone'],
  [{ path: '/' }, 404, '/v1/traces'],
])('one with %j is refused with %d and the remedy', (change, status, words) => {
  expect(refuseExport({ ...head, ...change })).toMatchObject({ status, message: expect.stringContaining(words) });
});
