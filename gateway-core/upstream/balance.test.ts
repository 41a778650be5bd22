import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPanic, pickReplica, rampUp } from './balance.ts';

interface One {
  readonly name: string;
  readonly inFlight: number;
  readonly weight: number;
  latencyMs(): number;
}

const one = (name: string, inFlight = 0, weight = 1, latency = 0): One => ({
  name,
  inFlight,
  weight,
  latencyMs: () => latency,
});

/** Counts who is taken in many rounds. */
function takeMany(all: readonly One[], rounds = 20_000): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < rounds; index++) {
    const taken = pickReplica(all, { now: 0, weightOf: ({ weight }) => weight, random: Math.random });
    const name = taken?.name ?? 'nobody';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('pickReplica', () => {
  test('spreads by weight while nothing is busy', () => {
    const { a = 0, b = 0, c = 0 } = takeMany([one('a', 0, 1), one('b', 0, 3), one('c', 0, 6)]);
    expect(a / 20_000).toBeCloseTo(0.1, 1);
    expect(b / 20_000).toBeCloseTo(0.3, 1);
    expect(c / 20_000).toBeCloseTo(0.6, 1);
  });

  test('never takes the busiest of three, and of two only the less busy', () => {
    expect(takeMany([one('a', 3), one('b', 2), one('c', 9)]).c).toBeUndefined();
    expect(takeMany([one('a', 3), one('b', 2)])).toEqual({ b: 20_000 });
  });

  test('measures busyness by weight', () => {
    expect(takeMany([one('a', 3, 1), one('b', 6, 3)])).toEqual({ b: 20_000 });
  });

  test('prefers the clearly faster of two that are equally busy, not the slightly faster or the unknown', () => {
    expect(takeMany([one('slow', 1, 1, 100), one('fast', 1, 1, 40)])).toEqual({ fast: 20_000 });
    expect(takeMany([one('a', 1, 1, 100), one('b', 1, 1, 60)]).a).toBeGreaterThan(8_000);
    expect(
      takeMany([one('known', 1, 1, 100), one('new')].map((each) => ({ ...each, inFlight: 1 }))).known,
    ).toBeGreaterThan(8_000);
  });

  test('takes none that weighs nothing, and nobody when all do', () => {
    expect(takeMany([one('a', 9, 1), one('b', 0, 0)], 100)).toEqual({ a: 100 });
    expect(takeMany([one('a', 0, 0)], 1)).toEqual({ nobody: 1 });
    expect(takeMany([], 1)).toEqual({ nobody: 1 });
  });

  test('takes somebody who may be taken, whatever the dice say', () => {
    const weight = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ weight, inFlight: fc.nat(5) }), { maxLength: 12 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (parts, dice) => {
          const all = parts.map((part, index) => one(String(index), part.inFlight, part.weight));
          const random = () => dice.next().value ?? 0;
          const taken = pickReplica(all, { now: 0, weightOf: ({ weight: own }) => own, random });
          expect(taken === undefined).toBe(all.every(({ weight: own }) => own === 0));
          if (taken) expect(taken.weight).toBeGreaterThan(0);
        },
      ),
    );
  });
});

test.each<[ageMs: number, share: number]>([
  [-5_000, 0.1],
  [0, 0.1],
  [500, 0.1],
  [5_000, 0.5],
  [10_000, 1],
  [99_000, 1],
])('a replica that is %i ms old counts for %d', (ageMs, share) => expect(rampUp(ageMs, 10_000)).toBe(share));

test('without slow start everybody counts in full', () => expect(rampUp(0, 0)).toBe(1));

test.each<[healthy: number, all: number, panicShare: number, panic: boolean]>([
  [3, 3, 0.5, false],
  [2, 4, 0.5, false],
  [1, 3, 0.5, true],
  [0, 1, 0.5, true],
  [0, 3, 0, false],
  [0, 0, 0.5, false],
])('%i healthy of %i with a share of %d is panic: %s', (healthy, all, panicShare, panic) => {
  expect(isPanic(healthy, all, panicShare)).toBe(panic);
});
