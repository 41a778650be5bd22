import { expect, test } from 'vitest';
import { parseTraceFilter, withError, withService } from './traceFilter.ts';

const plain = { error: false, limit: 100 };

test.each([
  ['', {}],
  ['service:search', { service: 'search' }],
  ['route:ai-search ms>500 ms<2000.5', { route: 'ai-search', minMs: 500, maxMs: 2000.5 }],
  ['route:/api/ai/*', { route: '/api/ai/*' }],
  ['error', { error: true }],
  ['is:error request:req-1', { error: true, requestId: 'req-1' }],
])('%j asks for %j', (text, query) => {
  expect(parseTraceFilter(text)).toEqual({ query: { ...plain, ...query }, traceId: null, problem: null });
});

test.each(['4BF92F3577B34DA6A3CE929D0E0E4736', 'trace:4bf92f3577b34da6a3ce929d0e0e4736'])('%s is one trace', (text) => {
  expect(parseTraceFilter(text).traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
});

test.each([
  ['slow', 'slow does not count: words are'],
  ['service:', 'has no value yet'],
  ['colour:red', 'there is no field colour'],
  ['!error', '!error does not count'],
  ['trace:4bf92f3577b34da6', '32 hexadecimal'],
])('%j is said not to count', (text, problem) => {
  expect(parseTraceFilter(text)).toMatchObject({ query: plain, problem: expect.stringContaining(problem) });
});

test('what is chosen beside the field is a word of it', () => {
  expect(withService('error service:a ms>5', 'b')).toBe('error ms>5 service:b');
  expect(withService('service:a', null)).toBe('');
  expect(withError('ms>5', true)).toBe('ms>5 error');
  expect(withError('error ms>5', false)).toBe('ms>5');
});
