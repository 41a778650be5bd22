import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createSharedStore } from '../limits/sharedStore.ts';
import { silentLog } from '../server/log.ts';
import { eventually, startGateway, startUpstream, type TestGateway } from './fixture.ts';
import { needsRedis, startRedis } from './redisServer.ts';
import { ask, askAs } from './request.ts';

async function start(url: string, options = 'timeoutMs: 5000'): Promise<TestGateway> {
  const upstream = await startUpstream((_req, res) => res.end('reached'));
  const yaml = `
trustedProxies: [127.0.0.0/8]
defaults: { limits: [a] }
limits:
  redis: { url: "${url}", ${options} }
  policies: { a: { by: [ip], rate: 10, perSeconds: 3600 } }
`;
  return startGateway({ upstreamPort: upstream.port, yaml });
}

const storeOf = ({ gateway }: TestGateway) => gateway.viewLimits().store;
const isShared = (gateway: TestGateway) => () => storeOf(gateway).state === 'shared';

async function takeSome({ port }: TestGateway, count: number): Promise<number[]> {
  const statuses = [];
  for (let index = 0; index < count; index++) statuses.push((await askAs(port, '203.0.113.1', '/app')).status);
  return statuses;
}

test('when Redis goes, the gateway goes on with what it knows, says so, and shares again once Redis is back', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  const gateway = await start(redis.url);
  await eventually(isShared(gateway));
  expect(await takeSome(gateway, 7)).toEqual(new Array(7).fill(200));

  await redis.stop();
  // Seven are used up, in Redis and in what the gateway knows of it: three are left.
  expect(await takeSome(gateway, 5)).toEqual([200, 200, 200, 429, 429]);
  await eventually(() => storeOf(gateway).state === 'fallback');
  expect(storeOf(gateway)).toMatchObject({ kind: 'redis', localDecisions: 5, reason: expect.stringMatching(/./) });
  const metrics = (await ask(gateway.port, '/metrics')).body;
  expect(metrics).toContain('gatehouse_gateway_limit_store{state="fallback"} 1');
  expect(metrics).toContain('gatehouse_gateway_limit_store{state="shared"} 0');
  expect(metrics).toContain('gatehouse_gateway_limit_local_decisions_total 5');
  const refused = await gateway.recorded((row) => row.status === 429);
  expect(refused.stages.find(({ stage }) => stage === 'ip-limit')?.sentence).toMatch(
    /^Too many requests: .* as this gateway alone has counted, since Redis does not answer\.$/,
  );

  await redis.restart();
  await eventually(isShared(gateway));
  expect((await ask(gateway.port, '/metrics')).body).toContain('gatehouse_gateway_limit_store{state="shared"} 1');
  // This Redis knows nothing of before.
  expect(await takeSome(gateway, 1)).toEqual([200]);
  expect(storeOf(gateway).localDecisions).toBe(5);
});

test('a Redis that hangs holds up one request for its timeout, and the others not at all', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  const gateway = await start(redis.url, 'timeoutMs: 800');
  await eventually(isShared(gateway));
  redis.freeze();
  const started = performance.now();
  expect(await takeSome(gateway, 1)).toEqual([200]);
  expect(performance.now() - started).toBeGreaterThan(790);
  expect(storeOf(gateway)).toMatchObject({ state: 'fallback', reason: 'no answer in 800 ms' });
  expect(await takeSome(gateway, 10)).toEqual([...new Array(9).fill(200), 429]);
  // All were decided here, and none of them after it was known that Redis hangs waited for it.
  expect(storeOf(gateway).localDecisions).toBe(11);
  const { stages } = await gateway.recorded((row) => row.status === 429);
  expect(stages.find(({ stage }) => stage === 'ip-limit')?.durationMs).toBeLessThan(800);
  redis.thaw();
  await eventually(isShared(gateway));
});

test('a gateway whose Redis was never there counts by itself, and shares when it comes', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  await redis.stop();
  const gateway = await start(redis.url);
  expect(await takeSome(gateway, 11)).toEqual([...new Array(10).fill(200), 429]);
  await eventually(() => /ECONNREFUSED/.test(storeOf(gateway).reason ?? ''));
  await redis.restart();
  await eventually(isShared(gateway));
});

test('a Redis that cannot be written to is not trusted', async (context) => {
  needsRedis(context);
  const redis = await startRedis(['--replicaof', '127.0.0.1 1']);
  const gateway = await start(redis.url);
  await eventually(() => /READONLY/.test(storeOf(gateway).reason ?? ''));
  expect(await takeSome(gateway, 11)).toEqual([...new Array(10).fill(200), 429]);
});

test('no more questions are on their way than configured; the others are decided here', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  const target = { url: redis.url, username: null, password: null, passwordFile: null };
  const limits = { keyPrefix: 'test:', timeoutMs: 500, commandsInFlight: 2 };
  const store = createSharedStore({ ...target, ...limits }, silentLog);
  onTestFinished(() => store.close());
  await eventually(() => store.state().state === 'shared');
  redis.freeze();
  const question = { keys: ['a'], numbers: [1, 1_000_000] };
  const asked = Array.from({ length: 4 }, () => store.ask('take', question));
  expect(asked.map((answer) => answer instanceof Promise)).toEqual([true, true, false, false]);
  expect(await Promise.all(asked)).toEqual([undefined, undefined, undefined, undefined]);
  redis.thaw();
  await eventually(() => store.state().state === 'shared');
  expect(await store.ask('take', question)).toMatchObject([1, expect.any(Number), expect.any(Number)]);
});

test('while Redis is gone it is tried now and then, however many requests come', async () => {
  let attempts = 0;
  const server = createServer((socket) => {
    attempts += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const gateway = await start(`redis://127.0.0.1:${(server.address() as AddressInfo).port}/0`);
  const started = performance.now();
  await eventually(async () => {
    await takeSome(gateway, 1);
    return attempts >= 4;
  });
  const { policies } = gateway.gateway.viewLimits(0);
  const requests = (policies[0]?.admitted ?? 0) + (policies[0]?.refused ?? 0);
  expect(requests).toBeGreaterThan(attempts);
  // The waits of 100, 200 and 400 ms, each at least half as long.
  expect(performance.now() - started).toBeGreaterThan(350);
  await gateway.gateway.close({ graceMs: 0 });
  const atClose = attempts;
  await new Promise((resolve) => setImmediate(resolve));
  expect(attempts).toBe(atClose);
});
