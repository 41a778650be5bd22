import { expect, test } from 'vitest';
import { toLive } from './liveQuery.ts';

const at = 1_780_000_000_000;
const failure = new Error('the host did not answer');

test.each([
  ['nothing yet', { data: undefined, error: null, dataUpdatedAt: 0 }, { state: 'loading', data: null }],
  ['an answer', { data: 1, error: null, dataUpdatedAt: at }, { state: 'live', data: 1, at, problem: null }],
  ['a failure', { data: undefined, error: failure, dataUpdatedAt: 0 }, { state: 'failed', data: null }],
  ['an answer before a failure', { data: 1, error: failure, dataUpdatedAt: at }, { state: 'stale', data: 1, at }],
])('%s', (_, asked, live) => {
  expect(toLive(asked)).toMatchObject(live);
});

test('a failure says what happened', () => {
  expect(toLive({ data: undefined, error: failure, dataUpdatedAt: 0 }).problem?.message).toBe(failure.message);
});
