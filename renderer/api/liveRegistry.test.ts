import { createTRPCClient } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GatehouseClient, GatehouseRouter } from '../../app/contract/index.ts';
import { LiveRegistry } from './liveRegistry.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Completes what is left, as the client's WebSocket link does, and counts what is open. */
function createLeavingClient() {
  const opened: { complete: () => void }[] = [];
  let openCount = 0;
  const api = createTRPCClient<GatehouseRouter>({
    links: [
      () => () =>
        observable((observer) => {
          opened.push({ complete: () => observer.complete() });
          openCount += 1;
          return () => {
            openCount -= 1;
            observer.complete();
          };
        }),
    ],
  });
  const client: GatehouseClient = { api, close: async () => {} };
  return { client, opened, openCount: () => openCount };
}

const listener = { onValue: () => {}, onBegin: () => {}, onInterrupted: () => {} };
const input = { environment: 'sandbox~shop' };

test('a stream that was closed does not come back by itself', async () => {
  const { client, opened, openCount } = createLeavingClient();
  const close = new LiveRegistry(client, () => {}).open('stats.watch', input, listener);
  expect(openCount()).toBe(1);
  close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([opened.length, openCount()]).toEqual([1, 0]);
});

test('a stream that ends is asked for again', async () => {
  const { client, opened, openCount } = createLeavingClient();
  const close = new LiveRegistry(client, () => {}).open('stats.watch', input, listener);
  opened[0]?.complete();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([opened.length, openCount()]).toEqual([2, 1]);
  close();
});
