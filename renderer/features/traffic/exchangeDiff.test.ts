import { expect, test } from 'vitest';
import { sampleExchange } from '../../../app/contract/exchangeSample.ts';
import type { ExchangeDetail } from '../../../app/contract/index.ts';
import { diffExchanges } from './exchangeDiff.ts';

const detail = (parts: Partial<ExchangeDetail>): ExchangeDetail => ({
  ...sampleExchange({}),
  canonicalPath: '/',
  forwardedPath: '/',
  subject: null,
  target: null,
  stages: [],
  requestHeaders: [],
  responseHeaders: [],
  requestBody: null,
  responseBody: null,
  ...parts,
});

test('an exchange does not differ from itself', () => {
  const one = detail({ requestHeaders: [['Accept', '*/*']] });
  expect(diffExchanges(one, one).filter(({ isSame }) => !isSame)).toEqual([]);
});

test('fields are the same whatever the case of their names, and one that is missing is seen', () => {
  const left = detail({
    status: 200,
    requestHeaders: [
      ['Accept', 'a'],
      ['accept', 'b'],
      ['Cookie', '[redacted]'],
    ],
  });
  const right = detail({ status: 503, code: 'breaker-open', requestHeaders: [['ACCEPT', 'a, b']] });
  expect(diffExchanges(left, right).filter(({ isSame }) => !isSame)).toMatchObject([
    { name: 'status', left: '200', right: '503' },
    { name: 'code', left: null, right: 'breaker-open' },
    { group: 'request', name: 'cookie', left: '•••', right: null },
  ]);
});

test('of a stage it is said how it ended, not how long it took', () => {
  const stage = (sentence: string, outcome: 'pass' | 'stop', durationMs: number) => ({
    stage: 'breaker',
    outcome,
    sentence,
    startMs: 0,
    durationMs,
  });
  const [left, right] = [
    detail({ stages: [stage('closed', 'pass', 1)] }),
    detail({ stages: [stage('it passed', 'pass', 9)] }),
  ];
  expect(diffExchanges(left, right).find(({ group }) => group === 'stages')?.isSame).toBe(true);
});
