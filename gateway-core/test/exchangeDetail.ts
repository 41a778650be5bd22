// A finished exchange for tests of the tap.
import type { ExchangeDetail } from '../tap/exchangeRecord.ts';

export function createDetail(sequence: number, path = '/x', id = `id-${sequence}`): ExchangeDetail {
  return {
    id,
    sequence,
    gateway: 'test',
    at: 0,
    method: 'GET',
    host: 'shop',
    path,
    route: 'app',
    upstream: 'app:1',
    status: 200,
    code: null,
    note: null,
    durationMs: 1,
    upstreamMs: 1,
    requestBytes: 0,
    responseBytes: 0,
    client: '127.0.0.1',
    protocol: 'http',
    traceId: 'a'.repeat(32),
    breaker: 'closed',
    demo: false,
    canonicalPath: path,
    forwardedPath: path,
    subject: null,
    target: 'app:1',
    stages: [],
    requestHeaders: [],
    responseHeaders: [],
    requestBody: null,
    responseBody: null,
  };
}
