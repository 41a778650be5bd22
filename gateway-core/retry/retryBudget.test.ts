import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRetryBudget } from './retryBudget.ts';

const SLICE_MS = 1_000;

test('a share of the traffic, and a floor below it', () => {
  const budget = createRetryBudget({ share: 0.2, floorPerSecond: 1 });
  const take = (count: number, now: number) => Array.from({ length: count }, () => budget.takeRetry(now));
  expect(take(11, 0).filter(Boolean)).toHaveLength(10);
  for (let index = 0; index < 100; index++) budget.noteRequest(5_000);
  expect(budget.remaining(5_000)).toBe(20);
  expect(take(30, 5_000).filter(Boolean)).toHaveLength(20);
  // What was taken at first is out of the window; the traffic is still in it.
  expect(budget.remaining(10_000)).toBe(10);
  expect(budget.remaining(100_000)).toBe(10);
});

test('without share and floor there is none', () => {
  const budget = createRetryBudget({ share: 0, floorPerSecond: 0 });
  budget.noteRequest(0);
  expect(budget.takeRetry(0)).toBe(false);
});

test('it is never exceeded in any window, and grants all that is in it', () => {
  const step = fc.record({
    passMs: fc.oneof(fc.constant(0), fc.nat(300), fc.nat(25_000)),
    kind: fc.constantFrom('request', 'retry', 'configure'),
    share: fc.constantFrom(0, 0.1, 0.2, 1),
    floor: fc.constantFrom(0, 0.3, 1, 3),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
      let policy = { share: 0.2, floorPerSecond: 0.3 };
      const budget = createRetryBudget(policy);
      let now = 0;
      // The oracle: every event with its second.
      const requests: number[] = [];
      const granted: number[] = [];
      const inWindow = (times: number[]) => times.filter((at) => at > Math.floor(now / SLICE_MS) - 10).length;
      for (const { passMs, kind, share, floor } of steps) {
        now += passMs;
        if (kind === 'request') {
          budget.noteRequest(now);
          requests.push(Math.floor(now / SLICE_MS));
        } else if (kind === 'configure') {
          policy = { share, floorPerSecond: floor };
          budget.configure(policy);
        } else {
          const limit = Math.floor(policy.share * inWindow(requests) + policy.floorPerSecond * 10);
          const before = inWindow(granted);
          expect(budget.takeRetry(now)).toBe(before < limit);
          if (before < limit) granted.push(Math.floor(now / SLICE_MS));
          expect(budget.remaining(now)).toBe(Math.max(0, limit - inWindow(granted)));
        }
      }
    }),
    { numRuns: 300 },
  );
});
