import { expect, test } from 'vitest';
import { createDetail } from '../test/exchangeDetail.ts';
import { createTap } from './tap.ts';

test('a full queue loses the newest, and says how many once the kept ones are taken', () => {
  const tap = createTap({ capacityBytes: 1_000_000, slowMs: 1_000 });
  const viewer = tap.watch({ backfill: 0, onWaiting: () => undefined, queueLimit: 3 });
  for (let index = 1; index <= 5; index++) tap.record(createDetail(index));
  expect(viewer.take(2)).toMatchObject({ exchanges: [{ sequence: 1 }, { sequence: 2 }], lost: 0 });
  expect(viewer.take(2)).toMatchObject({ exchanges: [{ sequence: 3 }], lost: 2 });
  expect(viewer.take(2)).toEqual({ exchanges: [], lost: 0 });
  expect(tap.stats()).toMatchObject({ lost: 2, viewers: 1, kept: 5 });
  viewer.close();
  expect(tap.stats()).toMatchObject({ viewers: 0 });
});

test('viewers are told in a later turn, once for a burst', async () => {
  const tap = createTap({ capacityBytes: 1_000_000, slowMs: 1_000 });
  let told = 0;
  tap.watch({ backfill: 0, onWaiting: () => told++ });
  for (let index = 1; index <= 100; index++) tap.record(createDetail(index));
  expect(told).toBe(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toBe(1);
});
