import { afterEach, expect, test } from 'vitest';
import type { Connection } from '../../../contract/index.ts';
import { createEngine } from '../../docker/engine.ts';
import { watchProject } from '../../docker/projectWatch.ts';
import type { TapEvent } from '../../gateway/adminClient.ts';
import { createLiveValue } from '../../stream/liveValue.ts';
import { createFakeEngine, type FakeContainer } from '../../test/fakeEngine.ts';
import { connection, exchange } from '../../test/samples.ts';
import { firstWhere } from '../../test/sandboxHandlers.ts';
import { createEdgeTraffic } from '../edgeTraffic.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const line = (at: number, given: Record<string, unknown> = {}) =>
  `${new Date(at).toISOString()} ${JSON.stringify({ request_id: 'a', path: '/shop/cart', status: 200, seconds: 0.02, upstream: 'x', ...given })}`;

async function start(gatewayConnection: Connection, log: string[]) {
  const engine = createFakeEngine();
  const nginx: FakeContainer = { id: 'n1', service: 'nginx', running: true, startedAt: '2026-01-01T00:00:00Z', log };
  engine.containers.set(nginx.id, nginx);
  await engine.listen();
  const openEngine = () => createEngine({ kind: 'socket', path: engine.socketPath });
  const stack = watchProject({ openEngine, project: 'shop', now: Date.now });
  const taps = new Set<(event: TapEvent) => void>();
  const gateway = {
    connection: createLiveValue(gatewayConnection),
    onTap(listener: (event: TapEvent) => void) {
      taps.add(listener);
      return () => taps.delete(listener);
    },
  };
  const edge = createEdgeTraffic({ stack, gateway, openEngine, findDeclared: () => null, now: Date.now });
  closers.push(engine.close, stack.close, edge.close);
  const tap = (event: TapEvent) => {
    for (const listener of taps) listener(event);
  };
  return { engine, nginx, edge, tap };
}

test('its traffic of the last minutes is known at once, and what comes is counted', async () => {
  const now = Date.now();
  const past = Array.from({ length: 60 }, (_, index) =>
    line(now - (61 - index) * 1000, index % 10 === 0 ? { status: 502 } : {}),
  );
  const { engine, nginx, edge } = await start(connection('gateway', 'absent'), [
    '2026-01-01T00:00:00Z no access line',
    ...past,
  ]);
  const first = await firstWhere(
    ({ signal }) => edge.watch(signal),
    ({ total }) => (total.requestsPerSecond ?? 0) > 0.5,
    20_000,
  );
  expect(first).toMatchObject({ service: 'nginx', format: 'json', unreadLines: 1, comparison: null });
  expect(first.total.errorShare).toBeCloseTo(0.1, 1);
  expect(first.locations.map(({ name }) => name)).toEqual(['/shop/cart']);
  expect(first.missing).toContain('The log has no $ssl_protocol: TLS is not known.');
  // Where there is no gateway its figures are those of the whole console.
  expect(edge.metrics.current).toMatchObject({ source: 'edge' });
  expect(edge.metrics.current?.total.samples.length).toBeGreaterThan(9);
  for (let count = 0; count < 30; count += 1) engine.log(nginx, line(Date.now(), { path: '/new', status: 429 }));
  const second = await firstWhere(
    ({ signal }) => edge.watch(signal),
    ({ locations }) => locations.some(({ name }) => name === '/new'),
    20_000,
  );
  expect(second.total.limitedShare).toBeGreaterThan(0.1);
}, 45_000);

test('with a gateway each request is found again by its id, and what never came to it is named', async () => {
  const { engine, nginx, edge, tap } = await start(connection('gateway', 'live'), []);
  let count = 0;
  const send = () => {
    count += 1;
    const id = `id-${count}`;
    if (count % 4 !== 0) tap({ type: 'exchange', exchange: exchange(count, { id, status: 200 }) });
    engine.log(
      nginx,
      line(Date.now(), {
        request_id: id,
        ...(count % 4 === 0 ? { status: 429, limited: 'REJECTED', upstream: '' } : {}),
      }),
    );
  };
  const timer = setInterval(send, 50);
  closers.push(async () => clearInterval(timer));
  const { comparison } = await firstWhere(
    ({ signal }) => edge.watch(signal),
    (traffic) => (traffic.comparison?.matched ?? 0) > 5 && (traffic.comparison?.refusedByLimits ?? 0) > 1,
    30_000,
  );
  expect(comparison).toMatchObject({ verdict: 'edge-refuses', differ: 0, gatewayUnreachable: 0 });
}, 45_000);
