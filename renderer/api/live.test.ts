import { describe, expect, test } from 'vitest';
import type { Problem } from '../../app/contract/index.ts';
import { behind, combineLive, type Live, liveOf, loading, mapLive } from './live.ts';
import { interrupted } from './liveRegistry.ts';

const problem: Problem = { code: 'gateway-unreachable', message: 'gone', remedy: 'wait' };
const stale: Live<number> = { state: 'stale', data: 2, at: 50, problem };
const failed: Live<number> = { state: 'failed', data: null, at: null, problem };

test('several values are as bad as the worst and as old as the oldest', () => {
  expect(combineLive({ a: liveOf(1, 100), b: liveOf('x', 70) })).toEqual({
    state: 'live',
    data: { a: 1, b: 'x' },
    at: 70,
    problem: null,
  });
  expect(combineLive({ a: liveOf(1, 100), b: stale })).toMatchObject({ state: 'stale', at: 50, problem });
  expect(combineLive({ a: loading, b: stale }).state).toBe('loading');
  expect(combineLive({ a: loading, b: failed })).toEqual(failed);
});

test('data is kept when its stream is interrupted, and was current until then', () => {
  const once = interrupted(liveOf(7, 10), null, 500);
  expect(once).toEqual({ state: 'stale', data: 7, at: 500, problem: null });
  expect(interrupted(once, problem, 900)).toEqual({ state: 'stale', data: 7, at: 500, problem });
});

test('without data a problem is a failure, and a lost connection is still loading', () => {
  expect(interrupted(loading, problem)).toEqual(failed);
  expect(interrupted(loading, null)).toEqual(loading);
});

test('a view of the data keeps its state', () => {
  expect(mapLive(stale, (value) => value * 2)).toEqual({ ...stale, data: 4 });
  expect(mapLive<number, number>(failed, (value) => value * 2)).toEqual(failed);
});

describe('a value behind a connection', () => {
  const problem = { code: 'engine-unreachable', message: 'gone', remedy: 'start it' } as const;
  const connection = (state: 'live' | 'connecting' | 'lost' | 'absent') => ({
    source: 'engine' as const,
    state,
    lastSeenAt: 70,
    detail: '',
    problem: state === 'lost' || state === 'absent' ? problem : null,
  });

  test('that lives is as it is', () => {
    const live = liveOf('a', 100);
    expect(behind(connection('live'), live)).toBe(live);
    expect(behind(connection('connecting'), loading)).toBe(loading);
    expect(behind(null, live)).toBe(live);
  });

  test('that is lost is the last known one, current until the connection was last seen', () => {
    expect(behind(connection('lost'), liveOf('a', 100))).toMatchObject({ state: 'stale', data: 'a', at: 70 });
  });

  test.each(['lost', 'absent'] as const)('that is %s and was never there is a failure with a remedy', (state) => {
    expect(behind(connection(state), loading)).toEqual({ state: 'failed', data: null, at: null, problem });
  });

  test('keeps what the stream itself says of its failure', () => {
    const failed = { state: 'failed', data: null, at: null, problem: { ...problem, code: 'internal' } } as const;
    expect(behind(connection('lost'), failed)).toBe(failed);
  });
});
