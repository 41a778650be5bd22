import { expect, test } from 'vitest';
import { createDetail } from '../test/exchangeDetail.ts';
import { compileFilter, type ExchangeFilter } from './exchangeFilter.ts';

const rows = {
  fine: createDetail(1, '/App?q=Blue'),
  slow: { ...createDetail(2), durationMs: 742, method: 'POST', route: 'chat', upstream: 'chat:8004', at: 50 },
  broken: { ...createDetail(3), status: 503, code: 'breaker-open', route: null, upstream: null },
  gone: { ...createDetail(4), status: null, client: '10.0.0.9', traceId: 'b'.repeat(32) },
  socket: { ...createDetail(5), status: 101, protocol: 'websocket' as const, demo: true },
};

test.each<[filter: ExchangeFilter, passing: (keyof typeof rows)[]]>([
  [{ status: ['5xx'] }, ['broken']],
  [{ status: ['503', 'aborted'] }, ['broken', 'gone']],
  [{ status: ['200'] }, ['fine', 'slow']],
  [{ route: ['chat'] }, ['slow']],
  [{ upstream: ['chat'] }, ['slow']],
  [{ upstream: ['chat:8004'] }, ['slow']],
  [{ upstream: ['cha'] }, []],
  [{ method: ['post'] }, ['slow']],
  [{ code: ['breaker-open'] }, ['broken']],
  [{ client: ['10.0.0.9'] }, ['gone']],
  [{ trace: ['b'.repeat(32)] }, ['gone']],
  [{ path: 'q=blue' }, ['fine']],
  [{ minMs: 742 }, ['slow']],
  [{ maxMs: 741 }, ['fine', 'broken', 'gone', 'socket']],
  [{ since: 50 }, ['slow']],
  [{ until: 49, status: ['2xx'] }, ['fine']],
  [{ protocol: 'websocket' }, ['socket']],
  [{ demo: false, status: ['1xx'] }, []],
])('%j', (filter, passing) => {
  const fits = compileFilter(filter);
  expect(Object.entries(rows).flatMap(([name, row]) => (fits?.(row) ? [name] : []))).toEqual(passing);
});

test('without a wish there is no test to make', () => {
  expect(compileFilter({})).toBeUndefined();
});
