import { expect, test } from 'vitest';
import { parseFault } from './faults.ts';
import { parseLogLevel } from './log.ts';
import { matchRoute, ok, type Route, toWhole } from './routes.ts';

const routes: Route[] = [
  { method: 'GET', path: '/user/:id/', handle: () => ok(null) },
  { method: 'POST', path: '/calculate/', handle: () => ok(null) },
];

test.each([
  ['GET', '/user/123/', 'found'],
  ['GET', '/user/123', 'found'],
  ['HEAD', '/user/123/', 'found'],
  ['POST', '/user/123/', 'wrongMethod'],
  ['GET', '/user/', 'none'],
  ['GET', '/user/1/2', 'none'],
  ['POST', '/calculate', 'found'],
])('%s %s is %s', (method, path, kind) => {
  expect(matchRoute(routes, method, path).kind).toBe(kind);
});

test('a parameter is the segment as it was sent', () => {
  expect(matchRoute(routes, 'GET', '/user/a%2Fb/')).toMatchObject({ params: { id: 'a%2Fb' } });
});

test.each([
  ['delay_ms=20', true, { delayMs: 20, status: null, said: 'delay_ms=20' }],
  ['delay_ms=999999', true, { delayMs: 10_000, status: null, said: 'delay_ms=10000' }],
  ['status=503&delay_ms=5', true, { delayMs: 5, status: 503, said: 'delay_ms=5, status=503' }],
  ['status=99', true, { delayMs: 0, status: null, said: null }],
  ['status=-1&delay_ms=x', true, { delayMs: 0, status: null, said: null }],
  ['status=503', false, { delayMs: 0, status: null, said: null }],
])('fault ?%s where faults are allowed: %s', (query, allowed, expected) => {
  expect(parseFault(new URLSearchParams(query), allowed)).toEqual(expected);
});

test.each([
  ['5', 5],
  [5, 5],
  ['', 1],
  [null, 1],
  ['0', null],
  ['1.5', null],
  [Number.NaN, null],
])('toWhole(%j) within 1 to 10 is %j', (value, expected) => {
  expect(toWhole(value, 1, 1, 10)).toBe(expected);
});

test.each([
  ['DEBUG', 'debug'],
  ['WARNING', 'warn'],
  ['nonsense', 'info'],
  [undefined, 'info'],
])('LOG_LEVEL %s is %s', (text, expected) => {
  expect(parseLogLevel(text)).toBe(expected);
});
