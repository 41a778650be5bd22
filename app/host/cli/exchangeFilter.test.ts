import { describe, expect, test } from 'vitest';
import { parseFilterArguments } from './exchangeFilter.ts';

const exchange = { path: '/x', route: 'search', upstream: null, status: 503, durationMs: 500, code: null, note: null };

test('arguments are the words of one filter, however the shell has split them', () => {
  for (const words of [['status:5xx', 'route:search'], ['status:5xx route:search'], []])
    expect(parseFilterArguments(words)(exchange as never)).toBe(true);
  expect(parseFilterArguments(['status:5xx', 'ms>500'])(exchange as never)).toBe(false);
});

describe('a word that means nothing is named', () => {
  test.each(['status:6xx', 'status:', 'colour:red', 'route:', '!status:abc', 'constructor:x', 'ms>fast'])(
    '%s',
    (word) => {
      expect(() => parseFilterArguments(['route:search', word])).toThrow(`"${word.replace('!', '')}"`);
    },
  );
});
