import { expect, test } from 'vitest';
import { eventually, startGateway, startUpstream, type TestGateway } from './fixture.ts';
import { ask, detailOf, findClosedPort, startMany, startReplica, viewMany } from './replicas.ts';

interface BreakerView {
  readonly upstream: string;
  readonly state: string;
  readonly forcedUntil: number | null;
  readonly transitions: { readonly reason: string }[];
  readonly replicas: { readonly replica: string; readonly state: string }[];
}

async function breakerOf(gateway: TestGateway, upstream = 'many'): Promise<BreakerView> {
  const all = await gateway.admin<BreakerView[]>('/breakers');
  return all.find((breaker) => breaker.upstream === upstream) ?? expect.fail();
}

test('a replica that is down is left out by its own breaker, while the upstream goes on', async () => {
  const closed = await findClosedPort();
  const alive = await startReplica((_req, res) => res.end('alive'));
  const gateway = await startMany({
    replicas: [closed, alive.id],
    upstream: 'breaker: { consecutiveConnectFailures: 2, minimumRequests: 1000, openMs: 60000 }',
  });
  const statuses: number[] = [];
  while ((await viewMany(gateway)).replicas[0]?.breaker !== 'open')
    statuses.push((await ask(gateway.port, '/many')).status);
  expect(statuses.filter((status) => status === 502)).toHaveLength(2);
  for (let index = 0; index < 20; index++) expect((await ask(gateway.port, '/many')).body).toBe('alive');
  expect(await breakerOf(gateway)).toMatchObject({
    state: 'closed',
    replicas: [
      { replica: closed, state: 'open', transitions: [{ reason: expect.stringContaining('2 connection refused') }] },
      { replica: alive.id, state: 'closed', window: { failures: 0 } },
    ],
  });
});

test('when the breakers of all replicas are open the upstream refuses, with the time until the first of them', async () => {
  const replicas = [await findClosedPort(), await findClosedPort()];
  const gateway = await startMany({
    replicas,
    upstream: 'breaker: { consecutiveConnectFailures: 3, minimumRequests: 1000, openMs: 30000, openJitterShare: 0 }',
  });
  // All of them fail, so the upstream's own breaker would open as well: held, to see what its replicas say.
  gateway.gateway.upstreams.forceBreaker('many', 'closed', Date.now() + 60_000);
  let last = await ask(gateway.port, '/many');
  while (last.status === 502) last = await ask(gateway.port, '/many');
  expect(last).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^(29|30)$/) } });
  expect(JSON.parse(last.body)).toMatchObject({ code: 'breaker-open' });
  const explained = await gateway.admin<unknown>('/breakers');
  expect(explained).toMatchObject([{}, { state: 'closed', replicas: [{ state: 'open' }, { state: 'open' }] }]);
});

test('when all replicas fail, the upstream fails as a whole', async () => {
  const replicas = [await findClosedPort(), await findClosedPort()];
  const gateway = await startMany({
    replicas,
    upstream: 'breaker: { consecutiveConnectFailures: 1000, minimumRequests: 10, openMs: 60000 }',
  });
  let asked = 0;
  while ((await breakerOf(gateway)).state === 'closed') {
    await ask(gateway.port, '/many');
    asked += 1;
  }
  expect(asked).toBeLessThan(40);
});

test('slow answers open a breaker', async () => {
  const slow = await startUpstream((_req, res) => void setTimeout(() => res.end('late'), 60));
  const gateway = await startGateway({
    upstreamPort: slow.port,
    yaml: 'defaults: { breaker: { slowMs: 50, slowShare: 0.9, minimumRequests: 5 } }',
  });
  const got = await Promise.all(Array.from({ length: 5 }, () => ask(gateway.port, '/app')));
  expect(got.every(({ status }) => status === 200)).toBe(true);
  await eventually(async () => (await breakerOf(gateway, 'app')).state === 'open');
  expect((await breakerOf(gateway, 'app')).transitions[0]?.reason).toBe('5 of 5 took 50 ms or more in 10 s');
});

test('a breaker that is held open refuses until it is released, and one held closed lets everything pass', async () => {
  const failing = await startUpstream((_req, res) => void res.writeHead(503).end('no'));
  const gateway = await startGateway({
    upstreamPort: failing.port,
    yaml: 'defaults: { breaker: { minimumRequests: 2 } }',
  });
  const { upstreams } = gateway.gateway;
  expect(upstreams.forceBreaker('app', 'closed', Date.now() + 60_000)).toBe(true);
  expect(upstreams.forceBreaker('nobody', 'closed', Date.now() + 60_000)).toBe(false);
  for (let index = 0; index < 10; index++) expect((await ask(gateway.port, '/app')).body).toBe('no');
  upstreams.forceBreaker('app', 'open', Date.now() + 60_000);
  const refused = await ask(gateway.port, '/app');
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'breaker-open' });
  expect(await breakerOf(gateway, 'app')).toMatchObject({ state: 'open', forcedUntil: expect.any(Number) });
  expect(upstreams.clearForcedBreaker('app')).toBe(true);
  // A trial.
  expect((await ask(gateway.port, '/app')).body).toBe('no');
});

test('a hold ends by itself', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const gateway = await startGateway({ upstreamPort: upstream.port });
  gateway.gateway.upstreams.forceBreaker('app', 'open', Date.now() + 200);
  expect((await ask(gateway.port, '/app')).status).toBe(503);
  await eventually(async () => (await ask(gateway.port, '/app')).status === 200);
});

test('explain says what the replicas say, and takes nothing', async () => {
  const one = await startReplica((_req, res) => res.end('one'));
  const gateway = await startMany({ replicas: [one.id] });
  const first = await detailOf(gateway, await ask(gateway.port, '/many'));
  expect(first.stages.find(({ stage }) => stage === 'breaker')?.sentence).toBe('The breaker of many is closed.');
  gateway.gateway.upstreams.drainReplica('many', one.id, Date.now() + 60_000);
  const second = await detailOf(gateway, await ask(gateway.port, '/many'));
  expect(second).toMatchObject({ status: 503, code: 'no-healthy-replica', tries: [] });
});
