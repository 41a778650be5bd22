import { expect, test } from 'vitest';
import { createTokenCache, type ValidToken } from './tokenCache.ts';

const keys = { keys: [], unused: [] };
const valid: ValidToken = {
  identity: { provider: 'p', subject: 's', scopes: [] },
  claims: {},
  lifetime: { validFrom: 0, validUntil: 1 },
};

test('the token that was asked for longest ago makes room', () => {
  // Each takes 600 bytes and 4 for its one character, so three fit.
  const cache = createTokenCache(3 * 604);
  for (const token of ['a', 'b', 'c']) cache.keep(token, keys, valid);
  expect(cache.find('a', keys)).toBe(valid);
  cache.keep('d', keys, valid);
  expect(['a', 'b', 'c', 'd'].map((token) => cache.find(token, keys) !== undefined)).toEqual([true, false, true, true]);
});

test('a long token takes the room of many', () => {
  const cache = createTokenCache(10 * 604);
  for (let index = 0; index < 10; index++) cache.keep(String(index), keys, valid);
  cache.keep('x'.repeat(1_000), keys, valid);
  expect(cache.size).toBe(3);
});

test('with other keys in force nothing is known, and what was known is forgotten', () => {
  const cache = createTokenCache();
  cache.keep('a', keys, valid);
  expect(cache.find('a', { keys: [], unused: [] })).toBeUndefined();
  expect(cache.size).toBe(0);
});

test('keeping a token twice counts it once', () => {
  const cache = createTokenCache(2 * 604);
  for (let index = 0; index < 50; index++) cache.keep('a', keys, valid);
  cache.keep('b', keys, valid);
  expect(cache.size).toBe(2);
});
