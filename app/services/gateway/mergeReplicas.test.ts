import { expect, test } from 'vitest';
import { breaker, now } from '../test/samples.ts';
import { mergeBreakers, mergeRoutes } from './mergeReplicas.ts';

test('one replica is shown as it is', () => {
  const one = breaker('search', { state: 'open' });
  expect(mergeBreakers([[one]])).toEqual([one]);
});

test('the worst state of two replicas is shown, with how many share it, and sums', () => {
  const opened = { at: now, from: 'closed' as const, to: 'open' as const, reason: '5 refused' };
  const merged = mergeBreakers([
    [breaker('search', { window: { requests: 4, failures: 0 } })],
    [
      breaker('search', {
        state: 'open',
        refused: 7,
        nextTrialAt: now + 5,
        window: { requests: 6, failures: 5 },
        transitions: [opened],
      }),
    ],
  ]);
  expect(merged).toMatchObject([
    { upstream: 'search', state: 'open', refused: 7, nextTrialAt: now + 5, window: { requests: 10, failures: 5 } },
  ]);
  expect(merged[0]?.transitions[0]?.reason).toBe('5 refused (open on 1 of 2 replicas)');
});

test('different configurations in force are said', () => {
  const table = (revision: string) => ({ revision, loadedAt: now, listener: ':8080', stages: [], routes: [] });
  expect(mergeRoutes([table('a'), table('a')])).toMatchObject({ table: { revision: 'a' }, diverging: false });
  expect(mergeRoutes([table('a'), table('b')]).diverging).toBe(true);
  expect(mergeRoutes([]).table).toBeUndefined();
});

test('what is held on any of them is held until the first of them lets go', () => {
  const held = (forcedUntil: number | null) => [breaker('search', { state: 'open', forcedUntil })];
  expect(mergeBreakers([held(30), held(20), held(null)])[0]?.forcedUntil).toBe(20);
  expect(mergeBreakers([held(null), held(null)])[0]?.forcedUntil).toBeNull();
});
