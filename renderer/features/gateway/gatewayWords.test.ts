import { describe, expect, it } from 'vitest';
import type { Breaker, GatewayLimits, Upstream } from '../../../app/contract/index.ts';
import { sayEffect, toWishCommand } from './breakerWish.ts';
import { sayHeld, toHeldThings } from './heldThings.ts';
import { toKeyRows } from './limitRows.ts';

describe('what is held', () => {
  it('is listed by what ends first, breakers of replicas and drains among it', () => {
    const story = [{ at: 1, from: 'closed', to: 'open', reason: 'held open by an operator for 60 s (bad build)' }];
    const breakers = [
      { upstream: 'search', state: 'open', forcedUntil: 30, transitions: story, replicas: [] },
      {
        upstream: 'many',
        state: 'closed',
        forcedUntil: null,
        transitions: [],
        replicas: [{ replica: 'a:1', state: 'closed', forcedUntil: 20, transitions: [] }],
      },
      { upstream: 'free', state: 'open', forcedUntil: null, transitions: [] },
    ] as never as Breaker[];
    const upstreams = [
      {
        name: 'many',
        replicas: [
          { id: 'b:2', drainedUntil: 10 },
          { id: 'c:3', drainedUntil: null },
        ],
      },
    ] as never as Upstream[];
    const held = toHeldThings(breakers, upstreams);
    expect(held.map(sayHeld)).toEqual(['b:2 of many is drained', 'a:1 of many is held closed', 'search is held open']);
    expect(held.at(-1)?.story).toContain('bad build');
  });
});

describe('a wish', () => {
  it('is said as what callers get, and as a command', () => {
    const wish = { kind: 'open', replica: null, forMs: 300_000 } as const;
    expect(sayEffect(wish)).toContain('503 breaker-open at once for 5 min');
    expect(toWishCommand('search', wish)).toBe('gatehouse breakers open search --for 5m');
    expect(toWishCommand('search', { ...wish, kind: 'reset', replica: 'a:1' })).toBe(
      'gatehouse breakers reset search --replica a:1',
    );
    expect(toWishCommand('search', { ...wish, kind: 'drain', replica: 'a:1' })).toBe(
      'gatehouse gateway drain search a:1 --for 5m',
    );
  });
});

describe('keys of limits', () => {
  it('stand by how near they are to theirs', () => {
    const top = (used: number, key: string) => ({ key, used, freeInMs: 1 });
    const limits = {
      policies: [
        { name: 'a', burst: 10, top: [top(1, 'far'), top(8, 'near')] },
        { name: 'b', burst: 2, top: [top(2, 'at')] },
      ],
    } as never as GatewayLimits;
    expect(toKeyRows(limits).map(({ key, level }) => [key, level])).toEqual([
      ['at', 'down'],
      ['near', 'degraded'],
      ['far', 'ok'],
    ]);
  });
});
