import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createRatioSampling } from './sampling.ts';

test.each([
  [1, 'ot=th:0'],
  [0.5, 'ot=th:8'],
  [0.25, 'ot=th:c'],
  [0.0625, 'ot=th:f'],
  [0, ''],
])('a ratio of %d says %j', (ratio, tracestate) => {
  expect(createRatioSampling(ratio).tracestate).toBe(tracestate);
});

test('the right 7 bytes of the id decide', () => {
  const half = createRatioSampling(0.5);
  expect(half.isSampled(`${'f'.repeat(18)}7fffffffffffff`)).toBe(false);
  expect(half.isSampled(`${'0'.repeat(18)}80000000000000`)).toBe(true);
});

test('about that share of random ids is sampled, none at 0 and all at 1', () => {
  const ids = Array.from({ length: 20_000 }, () => randomBytes(16).toString('hex'));
  const share = (ratio: number) => ids.filter(createRatioSampling(ratio).isSampled).length / ids.length;
  expect(share(0)).toBe(0);
  expect(share(1)).toBe(1);
  // Ten standard deviations.
  expect(Math.abs(share(0.1) - 0.1)).toBeLessThan(0.022);
});
