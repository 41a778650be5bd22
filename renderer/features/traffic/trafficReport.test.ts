import { expect, test } from 'vitest';
import type { Exchange, ExchangeDetail } from '../../../app/contract/index.ts';
import { toReportMarkdown } from '../../components/report.ts';
import { toExchangeReport, toTrafficTableReport } from './trafficReport.ts';

const exchange = {
  id: 'x1',
  at: Date.UTC(2026, 0, 1),
  method: 'GET',
  host: 'shop',
  path: '/api/search',
  route: 'search',
  upstream: 'search',
  target: 'search:8002',
  status: 503,
  code: 'breaker-open',
  note: null,
  durationMs: 2,
  traceId: '4bf9',
  stages: [{ stage: 'breaker', outcome: 'stop', startMs: 0, durationMs: 1, sentence: 'open' }],
  requestHeaders: [['Authorization', 'Bearer secret']],
  responseHeaders: [['Set-Cookie', 'secret']],
} as unknown as ExchangeDetail;
const place = { environment: 'docker~shop', at: exchange.at };

test('a request is told with its route, its stages and its trace, without header fields', () => {
  const text = toReportMarkdown(toExchangeReport(exchange), place);
  expect(text).toContain('**GET /api/search: 503 breaker-open after 2.0 ms**');
  expect(text).toContain('| breaker | 1.0 | open |');
  expect(text).toContain('`gatehouse tap trace:4bf9`');
  expect(text).not.toContain('secret');
});

test('a table is told with its filter, quoted for a shell', () => {
  const { verdict, command } = toTrafficTableReport([exchange, { ...exchange, status: 200 } as Exchange], 'path:/a b');
  expect(verdict).toBe('1 of 2 requests that match path:/a b failed');
  expect(command).toBe("gatehouse tap 'path:/a b'");
});
