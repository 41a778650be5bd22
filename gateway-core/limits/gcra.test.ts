import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CellRate, decideCell } from './gcra.ts';

const toRate = (perSecond: number, burst: number, cost = 1): CellRate => {
  const intervalUs = Math.ceil(1_000_000 / perSecond);
  return { intervalUs, incrementUs: cost * intervalUs, capacityUs: burst * intervalUs };
};

const rates = fc
  .record({
    intervalUs: fc.integer({ min: 1, max: 5_000_000 }),
    cost: fc.integer({ min: 1, max: 5 }),
    more: fc.integer({ min: 0, max: 40 }),
  })
  .map(
    ({ intervalUs, cost, more }): CellRate => ({
      intervalUs,
      incrementUs: cost * intervalUs,
      capacityUs: (cost + more) * intervalUs,
    }),
  );

/** Steps between arrivals, mostly small against the interval, so that refusals are common. */
const steps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000_000 })), { maxLength: 120 });

interface Arrival {
  /** On a clock that never steps. */
  readonly at: number;
  readonly admitted: boolean;
}

/** The most units that were admitted in any window, less what the window allows; at most 0 when the bound holds. */
function findExcess(arrivals: readonly Arrival[], { intervalUs, incrementUs, capacityUs }: CellRate): number {
  const admitted = arrivals.filter((arrival) => arrival.admitted);
  let worst = Number.NEGATIVE_INFINITY;
  admitted.forEach((first, index) => {
    for (let last = index; last < admitted.length; last++) {
      const units = ((last - index + 1) * incrementUs) / intervalUs;
      const windowUs = (admitted[last]?.at ?? 0) - first.at;
      worst = Math.max(worst, units * intervalUs - capacityUs - windowUs);
    }
  });
  return worst;
}

describe('the generic cell rate algorithm', () => {
  test('admits a burst at once, then one an interval', () => {
    const rate = toRate(10, 3);
    let tat: number | undefined;
    const admitted: boolean[] = [];
    for (const now of [0, 0, 0, 0, 99_999, 100_000, 100_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000]) {
      const verdict = decideCell(tat, now, rate);
      tat = verdict.tat;
      admitted.push(verdict.admitted);
    }
    expect(admitted).toEqual([true, true, true, false, false, true, false, true, true, true, false]);
  });

  test('says what is left and when there is more', () => {
    const rate = toRate(1, 2);
    const first = decideCell(undefined, 5_000_000, rate);
    expect(first).toEqual({ admitted: true, tat: 6_000_000, remaining: 1, waitUs: 0, nextUs: 1_000_000 });
    const second = decideCell(first.tat, 5_400_000, rate);
    expect(second).toEqual({ admitted: true, tat: 7_000_000, remaining: 0, waitUs: 0, nextUs: 600_000 });
    const third = decideCell(second.tat, 5_500_000, rate);
    expect(third).toEqual({ admitted: false, tat: 7_000_000, remaining: 0, waitUs: 500_000, nextUs: 500_000 });
  });

  test('never admits more than burst + rate × window in any window', () => {
    fc.assert(
      fc.property(rates, steps, (rate, gaps) => {
        let now = 1_000;
        let tat: number | undefined;
        const arrivals = gaps.map((gap): Arrival => {
          now += gap;
          const verdict = decideCell(tat, now, rate);
          tat = verdict.tat;
          return { at: now, admitted: verdict.admitted };
        });
        expect(findExcess(arrivals, rate)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  test('a clock that steps back gives nobody more, and nobody waits longer than a burst takes', () => {
    const moves = fc.array(
      fc.record({ gap: fc.integer({ min: 0, max: 2_000_000 }), back: fc.oneof(fc.constant(0), fc.nat(90_000_000)) }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(rates, moves, (rate, list) => {
        let real = 1_000_000_000;
        let offset = 0;
        let tat: number | undefined;
        const arrivals = list.map(({ gap, back }): Arrival => {
          real += gap;
          offset -= back;
          const verdict = decideCell(tat, real + offset, rate);
          tat = verdict.tat;
          expect(verdict.waitUs).toBeLessThanOrEqual(rate.capacityUs);
          return { at: real, admitted: verdict.admitted };
        });
        expect(findExcess(arrivals, rate)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  test('a refused request is admitted after exactly its wait, and changes nothing', () => {
    fc.assert(
      fc.property(rates, steps, (rate, gaps) => {
        let now = 0;
        let tat: number | undefined;
        for (const gap of gaps) {
          now += gap;
          const verdict = decideCell(tat, now, rate);
          if (!verdict.admitted) {
            expect(decideCell(verdict.tat, now, rate)).toEqual(verdict);
            expect(decideCell(verdict.tat, now + verdict.waitUs, rate).admitted).toBe(true);
            expect(decideCell(verdict.tat, now + verdict.waitUs - 1, rate).admitted).toBe(false);
          }
          tat = verdict.tat;
        }
      }),
    );
  });

  test('what it says is left can be spent at once, and not one unit more', () => {
    fc.assert(
      fc.property(rates, steps, (rate, gaps) => {
        const single = { ...rate, incrementUs: rate.intervalUs };
        let now = 0;
        let tat: number | undefined;
        for (const gap of gaps) {
          now += gap;
          tat = decideCell(tat, now, rate).tat;
        }
        const first = decideCell(tat, now, single);
        let spent = 0;
        let next = first;
        for (; next.admitted; spent++) next = decideCell(next.tat, now, single);
        expect(spent).toBe(first.admitted ? first.remaining + 1 : 0);
      }),
    );
  });

  test('a smaller policy takes over what is owed, but no more than its own burst', () => {
    const large = toRate(1, 1_000);
    let tat: number | undefined;
    for (let count = 0; count < 1_000; count++) tat = decideCell(tat, 0, large).tat;
    expect(decideCell(tat, 0, toRate(10, 5))).toMatchObject({ admitted: false, waitUs: 100_000 });
  });
});
