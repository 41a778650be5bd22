import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TrafficBatch } from '../../contract/index.ts';
import { createGatewaySource, type GatewaySource } from '../gateway/gatewaySource.ts';
import { createTrafficHub } from '../traffic/trafficHub.ts';
import { createFakeAdmin, type FakeAdmin } from './fakeAdmin.ts';
import { breaker, exchange } from './samples.ts';

let one: FakeAdmin;
let two: FakeAdmin;
let source: GatewaySource;

const until = (check: () => void, timeout = 5000) => vi.waitFor(check, { timeout, interval: 10 });
const place = (...replicas: FakeAdmin[]) =>
  source.setPlace({
    kind: 'present',
    service: 'api_gateway',
    replicas: replicas.length,
    addresses: replicas.map(({ socketPath }) => ({ kind: 'socket', path: socketPath })),
  });

beforeEach(async () => {
  [one, two] = [createFakeAdmin('one'), createFakeAdmin('two')];
  await Promise.all([one.listen(), two.listen()]);
  source = createGatewaySource({ openEngine: expect.unreachable, now: Date.now });
});
afterEach(async () => {
  await source.close();
  await Promise.all([one.close(), two.close()]);
});

test('both are asked, their breakers are one', async () => {
  one.breakers = [breaker('search')];
  two.breakers = [breaker('search', { state: 'open', refused: 3 })];
  place(one, two);
  await until(() => expect(source.connection.current).toMatchObject({ state: 'live', detail: '2 of 2' }));
  expect(source.breakers.current).toMatchObject([{ upstream: 'search', state: 'open', refused: 3 }]);
  expect(await source.detail('two-1')).toMatchObject({ id: 'one-1' });
});

test('different configurations are said', async () => {
  two.routes = { ...two.routes, revision: 'r2' };
  place(one, two);
  await until(() => expect(source.connection.current.detail).toBe('2 of 2, configurations differ'));
});

test('one of two that goes leaves the other; when both are gone the gateway is lost within 2 s, and no breaker is shown', async () => {
  one.breakers = [breaker('search')];
  place(one, two);
  await until(() => expect(source.connection.current.detail).toBe('2 of 2'));
  await two.die();
  await until(() => expect(source.connection.current).toMatchObject({ state: 'live', detail: '1 of 2' }));
  const diedAt = Date.now();
  await one.die();
  await until(() => expect(source.connection.current.state).toBe('lost'));
  expect(Date.now() - diedAt).toBeLessThan(2000);
  expect(source.connection.current.problem).toMatchObject({
    code: 'gateway-unreachable',
    message: expect.stringContaining('api_gateway'),
    remedy: expect.stringContaining('log of api_gateway'),
  });
  expect(source.breakers.current).toBeUndefined();
  expect(source.routes.current?.revision).toBe('r1');
  await expect(source.explain({ method: 'GET', url: '/', headers: [] })).rejects.toMatchObject({
    code: 'gateway-unreachable',
  });
  await one.listen();
  await until(() => expect(source.connection.current.state).toBe('live'));
});

test('a gateway that hangs is lost', async () => {
  place(one);
  await until(() => expect(source.connection.current.state).toBe('live'));
  one.hang();
  await until(() => expect(source.connection.current.state).toBe('lost'), 6000);
  expect(source.connection.current.problem?.message).toContain('no answer in time');
});

test('an answer that is not in the contract’s shape is no answer', async () => {
  one.breakers = [{ upstream: 'search' } as never];
  place(one);
  await until(() => expect(source.connection.current.state).toBe('lost'));
  expect(source.connection.current.problem?.message).toContain('not understood');
});

test('a tap that breaks is opened again: repeated exchanges are dropped, those in between are counted as lost', async () => {
  const hub = createTrafficHub(source);
  const leaving = new AbortController();
  const seen: number[] = [];
  let lost = 0;
  const reading = (async () => {
    for await (const batch of hub.watch(0, leaving.signal) as AsyncIterable<TrafficBatch>) {
      seen.push(...batch.exchanges.map(({ sequence }) => sequence));
      lost += batch.lost;
    }
  })();
  one.backfill = [exchange(1), exchange(2)];
  place(one);
  await until(() => expect(seen).toEqual([1, 2]));
  one.backfill = [exchange(2), exchange(6)];
  for (const tap of one.taps) tap.destroy();
  await until(() => expect(seen).toEqual([1, 2, 6]));
  await until(() => expect(lost).toBe(3));
  one.send('this is no JSON\n');
  one.send({ type: 'exchange', exchange: { id: 'half' } });
  await until(() => expect(lost).toBe(5));
  leaving.abort();
  await reading;
  hub.close();
});

test('a replica that is no longer there is asked no more', async () => {
  place(one, two);
  await until(() => expect(source.connection.current.detail).toBe('2 of 2'));
  place(one);
  await until(() => expect(two.taps.size).toBe(0));
  expect(source.connection.current.detail).toBe('1 of 1');
  source.setPlace({ kind: 'absent', problem: { code: 'gateway-absent', message: 'none', remedy: 'none' } });
  await until(() => expect(one.taps.size).toBe(0));
  expect(source.connection.current.state).toBe('absent');
});
