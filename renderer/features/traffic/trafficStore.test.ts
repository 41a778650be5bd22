import { beforeEach, describe, expect, it } from 'vitest';
import { sampleExchange } from '../../../app/contract/exchangeSample.ts';
import { TRAFFIC_CAPACITY } from './trafficLog.ts';
import { useTrafficStore } from './trafficStore.ts';

const batch = (count: number, lost = 0) => ({
  exchanges: Array.from({ length: count }, () => sampleExchange()),
  lost,
  kept: { exchanges: 100, bytes: 1000, capacityBytes: 16_000_000 },
});
const store = () => useTrafficStore.getState();

describe('useTrafficStore', () => {
  let environments = 0;
  beforeEach(() => {
    environments += 1;
    store().enter(`sandbox~shop-${environments}`);
  });

  it('takes arrivals while it is live', () => {
    store().receive([batch(2), batch(1, 5)]);
    expect(store().log.keptCount).toBe(3);
    expect(store().lost).toBe(5);
  });

  it('holds arrivals back until nobody reads any more', () => {
    store().setHold('paused', true);
    store().setHold('pointer', true);
    store().receive([batch(3)]);
    store().setHold('pointer', false);
    expect(store().log.keptCount).toBe(0);
    expect(store().held).toHaveLength(3);
    store().setHold('paused', false);
    expect(store().log.keptCount).toBe(3);
    expect(store().held).toHaveLength(0);
  });

  it('holds no more than it keeps, and counts what it dropped as lost', () => {
    store().setHold('paused', true);
    store().receive([batch(TRAFFIC_CAPACITY), batch(7)]);
    expect(store().held).toHaveLength(TRAFFIC_CAPACITY);
    expect(store().heldDropped).toBe(7);
    store().setHold('paused', false);
    expect(store().lost).toBe(7);
  });

  it('starts anew in another environment, and only there', () => {
    store().receive([batch(1)]);
    store().enter(store().environment ?? '');
    expect(store().log.keptCount).toBe(1);
    store().enter('docker~other');
    expect(store().log.keptCount).toBe(0);
  });

  it('keeps its filter when it is emptied', () => {
    store().setFilter('status:5xx');
    store().receive([batch(1)]);
    store().clear();
    expect(store().log.keptCount).toBe(0);
    store().receive([{ ...batch(0), exchanges: [sampleExchange({ status: 200 }), sampleExchange({ status: 500 })] }]);
    expect(store().log.matchingCount).toBe(1);
  });
});
