import { expect, test } from 'vitest';
import type { TrafficBatch } from '../../contract/index.ts';
import type { TapEvent } from '../gateway/adminClient.ts';
import { exchange } from '../test/samples.ts';
import { createTrafficHub } from './trafficHub.ts';

function openHub() {
  let listener: (event: TapEvent) => void = () => {};
  const hub = createTrafficHub({
    onTap(next) {
      listener = next;
      return () => {};
    },
  });
  const pass = (from: number, to: number) => {
    for (let n = from; n <= to; n += 1) listener({ type: 'exchange', exchange: exchange(n) });
  };
  return { hub, pass, send: (event: TapEvent) => listener(event) };
}

async function take(batches: AsyncGenerator<TrafficBatch>): Promise<TrafficBatch> {
  const { value } = await batches.next();
  return value as TrafficBatch;
}

test('a viewer gets what is kept, then what passes', async () => {
  const { hub, pass, send } = openHub();
  pass(1, 10);
  send({ type: 'heartbeat', stats: { kept: 10, bytes: 99, capacityBytes: 1000 } });
  const leaving = new AbortController();
  const watching = hub.watch(3, leaving.signal);
  expect(await take(watching)).toMatchObject({
    exchanges: [{ sequence: 8 }, { sequence: 9 }, { sequence: 10 }],
    lost: 0,
    kept: { exchanges: 10, bytes: 99, capacityBytes: 1000 },
  });
  pass(11, 12);
  expect((await take(watching)).exchanges.map(({ sequence }) => sequence)).toEqual([11, 12]);
  leaving.abort();
  expect((await watching.next()).done).toBe(true);
  expect(hub.viewerCount).toBe(0);
});

test('a slow viewer loses the oldest, counted, and the others lose nothing', async () => {
  const { hub, pass } = openHub();
  const leaving = new AbortController();
  const slow = hub.watch(0, leaving.signal);
  await take(slow);
  pass(1, 2500);
  const batch = await take(slow);
  expect(batch.lost).toBe(500);
  expect(batch.exchanges.length).toBe(2000);
  expect(batch.exchanges[0]?.sequence).toBe(501);
  leaving.abort();
});

test('what the gateway lost, and gaps, are lost for every viewer', async () => {
  const { hub, pass, send } = openHub();
  const leaving = new AbortController();
  const watching = hub.watch(0, leaving.signal);
  await take(watching);
  pass(1, 1);
  pass(5, 5);
  send({ type: 'lost', count: 4 });
  expect(await take(watching)).toMatchObject({ lost: 7 });
  leaving.abort();
});

test('the ring is bounded', async () => {
  const { hub, pass } = openHub();
  pass(1, 12_000);
  const watching = hub.watch(5000, new AbortController().signal);
  const first = await take(watching);
  expect(first.exchanges.length).toBeLessThanOrEqual(4000);
  expect(first.exchanges.at(-1)?.sequence).toBe(12_000);
});
