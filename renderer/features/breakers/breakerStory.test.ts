import { describe, expect, it } from 'vitest';
import type { BreakerTransition } from '../../../app/contract/index.ts';
import { toStory } from './breakerStory.ts';

const opened = (at: number): BreakerTransition => ({ at, from: 'closed', to: 'open', reason: '7 of 12 failed' });
const tried = (at: number): BreakerTransition => ({ at, from: 'open', to: 'half-open', reason: '10 s are over' });
const failed = (at: number, reason = 'refused'): BreakerTransition => ({ at, from: 'half-open', to: 'open', reason });
const closed = (at: number): BreakerTransition => ({ at, from: 'half-open', to: 'closed', reason: '2 of 2 answered' });

describe('toStory', () => {
  it.each([
    ['nothing yet', [], []],
    ['an opening', [opened(1)], [[1, 1, 1]]],
    [
      'trials that run',
      [tried(2), opened(1)],
      [
        [2, 1, 2],
        [1, 1, 1],
      ],
    ],
    [
      'trials that failed alike',
      [failed(5), tried(4), failed(3), tried(2), opened(1)],
      [
        [5, 2, 3],
        [1, 1, 1],
      ],
    ],
    [
      'trials that failed differently',
      [failed(5, 'timeout'), tried(4), failed(3), tried(2), opened(1)],
      [
        [5, 1, 5],
        [3, 1, 3],
        [1, 1, 1],
      ],
    ],
    [
      'a recovery',
      [closed(3), tried(2), opened(1)],
      [
        [3, 1, 3],
        [1, 1, 1],
      ],
    ],
    [
      'running trials after failed ones',
      [tried(6), failed(5), tried(4), failed(3), tried(2), opened(1)],
      [
        [6, 1, 6],
        [5, 2, 3],
        [1, 1, 1],
      ],
    ],
  ])('tells %s', (_name, transitions, lines) => {
    expect(toStory(transitions).map(({ transition, count, firstAt }) => [transition.at, count, firstAt])).toEqual(
      lines,
    );
  });
});
