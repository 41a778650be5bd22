import { expect, test } from 'vitest';
import { createDetail } from '../test/exchangeDetail.ts';
import { createTap } from './tap.ts';

const config = { capacityBytes: 1_000_000, slowMs: 1_000, bodyPreviewBytes: 0 };

test('a full queue loses the newest, and says how many once the kept ones are taken', () => {
  const tap = createTap(config);
  const viewer = tap.watch({ onWaiting: () => undefined, queueLimit: 3 });
  for (let index = 1; index <= 5; index++) tap.record(createDetail(index));
  expect(viewer.take(2)).toMatchObject({ exchanges: [{ sequence: 1 }, { sequence: 2 }], lost: 0 });
  expect(viewer.take(2)).toMatchObject({ exchanges: [{ sequence: 3 }], lost: 2 });
  expect(viewer.take(2)).toEqual({ exchanges: [], lost: 0 });
  expect(tap.stats()).toMatchObject({ lost: 2, viewers: 1, kept: 5 });
  viewer.close();
  expect(tap.stats()).toMatchObject({ viewers: 0 });
});

test('viewers are told in a later turn, once for a burst', async () => {
  const tap = createTap(config);
  let told = 0;
  tap.watch({ onWaiting: () => told++ });
  for (let index = 1; index <= 100; index++) tap.record(createDetail(index));
  expect(told).toBe(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toBe(1);
});

test('a viewer that comes back gets what it missed, and is told what is gone', () => {
  const tap = createTap({ ...config, capacityBytes: 65_536 });
  for (let index = 1; index <= 100; index++) tap.record(createDetail(index, '/long'.repeat(100)));
  const kept = tap.stats().kept;
  expect(kept).toBeLessThan(100);
  const late = tap.watch({ after: 10, onWaiting: () => undefined });
  const { exchanges } = late.take(1_000);
  expect(exchanges.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: kept }, (_, index) => 101 - kept + index),
  );
  expect(late.gone).toBe(90 - kept);
  const soon = tap.watch({ after: 99, onWaiting: () => undefined });
  tap.record(createDetail(101));
  expect([...soon.take(1).exchanges, ...soon.take(1).exchanges].map(({ sequence }) => sequence)).toEqual([100, 101]);
  expect(soon.gone).toBe(0);
});

test('what a viewer does not want takes no room in its queue, and is not lost', () => {
  const tap = createTap(config);
  const fits = ({ path }: { path: string }) => path === '/wanted';
  const viewer = tap.watch({ backfill: 10, onWaiting: () => undefined, queueLimit: 1, fits });
  for (let index = 1; index <= 5; index++) tap.record(createDetail(index, index === 3 ? '/wanted' : '/other'));
  expect(viewer.take(10)).toMatchObject({ exchanges: [{ sequence: 3 }], lost: 0 });
});

test('another capacity holds at once', () => {
  const tap = createTap(config);
  for (let index = 1; index <= 200; index++) tap.record(createDetail(index));
  tap.configure({ ...config, capacityBytes: 65_536 });
  expect(tap.stats().bytes).toBeLessThanOrEqual(65_536);
  expect(tap.find('id-200')).toBeDefined();
  tap.configure({ ...config, slowMs: 1 });
  tap.record(createDetail(201));
  expect(tap.stats().kept).toBeGreaterThan(1);
});
