import { expect, test } from 'vitest';
import { toReplay } from './exchangeReplay.ts';
import { sampleExchange } from './exchangeSample.ts';
import type { ExchangeDetail } from './shapes/gateway.ts';

const source = (parts: Partial<ExchangeDetail>) => ({
  ...sampleExchange({ path: '/a?q=1', requestBytes: 0 }),
  requestHeaders: [
    ['Accept', '*/*'],
    ['Authorization', '[redacted]'],
  ] as [string, string][],
  requestBody: null,
  ...parts,
});
const body = (text: string, isCut = false) => ({ contentType: 'application/json', text, isCut });

test('what was redacted is left out and named, and a token stands in for one', () => {
  expect(toReplay(source({}))).toMatchObject({
    isSafe: true,
    leftOut: ['authorization'],
    request: { path: '/a?q=1', headers: [['Accept', '*/*']], body: null },
  });
  expect(toReplay(source({}), { bearer: 't' })).toMatchObject({
    leftOut: [],
    request: {
      headers: [
        ['Accept', '*/*'],
        ['authorization', 'Bearer t'],
      ],
    },
  });
});

test('a body that was kept whole is sent again, whatever its letters', () => {
  const kept = source({ method: 'POST', requestBytes: 4, requestBody: body('"ü"') });
  expect(toReplay(kept)).toMatchObject({ isSafe: false, request: { body: '"ü"' } });
});

test.each<[what: string, parts: Partial<ExchangeDetail>, obstacle: RegExp]>([
  ['a body that was cut', { requestBytes: 9, requestBody: body('beginning', true) }, /Only the beginning/],
  ['a body that was not kept', { requestBytes: 9 }, /does not keep/],
  ['a body that lost a secret', { requestBytes: 20, requestBody: body('{"a":"[redacted]"}') }, /redacted/],
  ['a mark as long as its secret', { requestBytes: 10, requestBody: body('[redacted]') }, /redacted/],
  ['a secret in the query', { path: '/a?token=[redacted]' }, /query holds a secret/],
  ['a WebSocket', { protocol: 'websocket' }, /conversation/],
  ['a target that is no path', { path: '*' }, /no path/],
])('%s is not sent', (_what, parts, obstacle) => {
  expect(toReplay(source(parts))).toEqual({ obstacle: expect.stringMatching(obstacle) });
});
