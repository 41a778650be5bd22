import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../contract/index.ts';
import { parseExchangeFilter } from './exchangeFilter.ts';

const EXCHANGE: Exchange = {
  id: 'e1',
  sequence: 1,
  gateway: 'api_gateway-1',
  at: 0,
  method: 'GET',
  host: 'api.example.com',
  path: '/api/ai/search/query/?q=Blue',
  route: 'ai-search',
  upstream: 'search',
  status: 503,
  code: 'breaker-open',
  note: null,
  durationMs: 500,
  upstreamMs: null,
  requestBytes: 0,
  responseBytes: 0,
  client: '10.0.0.1',
  protocol: 'http',
  traceId: '4bf92f3577b34da6',
  breaker: 'open',
  demo: false,
};

test.each<[words: string, matches: boolean]>([
  ['', true],
  ['status:5xx', true],
  ['status:503', true],
  ['status:500', false],
  ['status:4xx', false],
  ['!status:4xx', true],
  ['status:aborted', false],
  ['ms>499', true],
  ['ms>500', false],
  ['ms>=500', true],
  ['ms<500', false],
  ['ms<=500.5', true],
  ['route:ai-search', true],
  ['route:SEARCH', true],
  ['route:pricing', false],
  ['method:get', true],
  ['path:q=blue', true],
  ['upstream:search', true],
  ['code:breaker', true],
  ['client:10.0', true],
  ['trace:4bf92f', true],
  ['query', true],
  ['!query', false],
  ['pricing', false],
  ['status:5xx route:ai-search ms>=500', true],
  ['status:5xx route:pricing', false],
])('%j: %s', (words, matches) => {
  expect(parseExchangeFilter([words])(EXCHANGE)).toBe(matches);
});

test('a caller who went away is found by status:aborted, and an unrouted one matches no route', () => {
  const gone = { ...EXCHANGE, status: null, route: null };
  expect(parseExchangeFilter(['status:aborted'])(gone)).toBe(true);
  expect(parseExchangeFilter(['status:5xx'])(gone)).toBe(false);
  expect(parseExchangeFilter(['route:ai'])(gone)).toBe(false);
});

describe('a word that means nothing is named', () => {
  test.each(['status:6xx', 'status:', 'colour:red', 'route:', '!status:abc', 'constructor:x'])('%s', (word) => {
    expect(() => parseExchangeFilter([word])).toThrow(`"${word.replace('!', '')}"`);
  });
});
