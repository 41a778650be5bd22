import { expect, test } from 'vitest';
import { createGatewayEvents, type GatewayEvent } from './gatewayEvents.ts';

const clock = { now: () => 7, monotonic: () => 0 };
const drain = (phase: 'leaving' | 'draining'): GatewayEvent => ({ type: 'drain', phase });
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('listeners are told in a later turn, in order, and one that throws harms no other', async () => {
  const errors: unknown[] = [];
  const events = createGatewayEvents(clock, (error) => errors.push(error));
  const told: string[] = [];
  events.subscribe(() => {
    throw new Error('mine');
  });
  const stop = events.subscribe((event) => told.push(`${event.sequence} ${event.type} ${event.at}`));
  events.emit(drain('leaving'));
  events.emit(drain('draining'));
  expect(told).toEqual([]);
  await turn();
  expect(told).toEqual(['1 drain 7', '2 drain 7']);
  expect(errors).toHaveLength(2);
  events.emit(drain('leaving'));
  stop();
  await turn();
  expect(told).toHaveLength(2);
});

test('the last 500 are kept, and what is gone is counted', () => {
  const events = createGatewayEvents(clock, () => undefined);
  for (let count = 0; count < 620; count++) events.emit(drain('leaving'));
  expect(events.lastSequence).toBe(620);
  const { events: kept, gone } = events.since(100);
  expect([kept.length, kept[0]?.sequence, gone]).toEqual([500, 121, 20]);
  expect(events.since(619)).toMatchObject({ events: [{ sequence: 620 }], gone: 0 });
  expect(events.since(620)).toEqual({ events: [], gone: 0 });
});
