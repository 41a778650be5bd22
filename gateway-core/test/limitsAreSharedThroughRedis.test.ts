import fc from 'fast-check';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { decideCell } from '../limits/gcra.ts';
import { sharedScript } from '../limits/sharedScript.ts';
import { eventually, startGateway, startUpstream, type TestGateway } from './fixture.ts';
import { needsRedis, type RedisServer, startRedis } from './redisServer.ts';
import { ask, askAs, askExplain } from './request.ts';

const toYaml = (redis: string, policies: string, names: string) => `
trustedProxies: [127.0.0.0/8]
defaults: { limits: [${names}] }
limits:
  redis: ${redis}
  policies: ${policies}
`;

async function startReplicas(count: number, redis: RedisServer, policies: string, names = 'a'): Promise<TestGateway[]> {
  const upstream = await startUpstream((_req, res) => res.end('reached'));
  // Long enough for a busy machine: here Redis is well, and what is shown is that it is asked.
  const yaml = toYaml(`{ url: "${redis.url}", timeoutMs: 5000 }`, policies, names);
  const gateways = await Promise.all(
    Array.from({ length: count }, () => startGateway({ upstreamPort: upstream.port, yaml })),
  );
  await eventually(() => gateways.every(({ gateway }) => gateway.viewLimits().store.state === 'shared'));
  return gateways;
}

function connect(redis: RedisServer): Redis {
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  return client;
}

test('three gateways admit together what one would', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  const gateways = await startReplicas(3, redis, '{ a: { by: [ip], rate: 30, perSeconds: 3600 } }');
  const asked = Array.from({ length: 90 }, (_, index) => {
    const gateway = gateways[index % 3];
    return gateway ? askAs(gateway.port, '203.0.113.1', '/app') : Promise.reject(new Error('no gateway'));
  });
  const answers = await Promise.all(asked);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(60);
  expect(gateways.map(({ gateway }) => gateway.viewLimits().store.localDecisions)).toEqual([0, 0, 0]);
  const remaining = answers.flatMap(({ status, headers }) =>
    status === 200 ? [Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1])] : [],
  );
  expect(remaining.sort((a, b) => b - a)).toEqual(Array.from({ length: 30 }, (_, index) => 29 - index));
});

test('all policies of a stage are one call, and what one refuses is charged to none', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  const policies =
    '{ a: { by: ["header:x-key"], rate: 5, perSeconds: 3600 }, b: { by: [ip], rate: 1, perSeconds: 3600 }, c: { by: [ip], rate: 9, perSeconds: 3600 } }';
  const [gateway] = await startReplicas(1, redis, policies, 'a, b, c');
  const client = connect(redis);
  const calls = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0);
  const before = await calls();
  const port = gateway?.port ?? 0;
  for (const status of [200, 429, 429]) {
    const headers = { 'x-forwarded-for': '203.0.113.1', 'x-key': 'k' };
    expect((await ask(port, '/app', { headers })).status).toBe(status);
  }
  expect((await calls()) - before).toBe(3);
  const other = await ask(port, '/app', { headers: { 'x-forwarded-for': '203.0.113.2', 'x-key': 'k' } });
  expect(other.headers.ratelimit).toMatch(/^"a";r=3;t=\d+, "b";r=0;t=\d+, "c";r=8;t=\d+$/);
  // Nothing of a client's secrets is in Redis, and what is there goes by itself.
  const keys = (await client.keys('*')).filter((key) => key !== 'gatehouse:limit:proof').sort();
  expect(keys).toEqual([
    expect.stringMatching(/^gatehouse:limit:a:header:x-key=sha256:/),
    'gatehouse:limit:b:ip=203.0.113.1',
    'gatehouse:limit:b:ip=203.0.113.2',
    'gatehouse:limit:c:ip=203.0.113.1',
    'gatehouse:limit:c:ip=203.0.113.2',
  ]);
  for (const key of keys) expect(await client.pttl(key)).toBeGreaterThan(0);
});

test('Redis that forgot its scripts is given the script again', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  const [gateway] = await startReplicas(1, redis, '{ a: { by: [ip], rate: 2, perSeconds: 3600 } }');
  const client = connect(redis);
  const statuses = [];
  for (let count = 0; count < 3; count++) {
    await client.script('FLUSH');
    statuses.push((await askAs(gateway?.port ?? 0, '203.0.113.1', '/app')).status);
  }
  expect(statuses).toEqual([200, 200, 429]);
  expect(gateway?.gateway.viewLimits().store).toMatchObject({ state: 'shared', localDecisions: 0 });
});

test('a key that is reset in one gateway is reset for all', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  const [first, second] = await startReplicas(2, redis, '{ a: { by: [ip], rate: 1, perSeconds: 3600 } }');
  const status = async (gateway: TestGateway | undefined) =>
    (await askAs(gateway?.port ?? 0, '203.0.113.1', '/app')).status;
  expect([await status(first), await status(second)]).toEqual([200, 429]);
  expect(await second?.gateway.resetLimit('a', 'ip=203.0.113.1')).toEqual({ local: true, shared: true });
  expect([await status(first), await status(second)]).toEqual([200, 429]);
});

test('explain asks Redis too, and takes nothing', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  const [gateway] = await startReplicas(1, redis, '{ a: { by: [global], rate: 2, perSeconds: 3600 } }');
  const client = connect(redis);
  await askAs(gateway?.port ?? 0, '203.0.113.1', '/app');
  const before = await client.get('gatehouse:limit:a:global');
  for (let count = 0; count < 2; count++) {
    const { stages } = await askExplain(gateway?.adminSocket ?? '', '/app');
    expect(stages.find(({ stage }) => stage === 'user-limit')?.sentence).toBe('Admitted: a has 0 of 2 left.');
  }
  expect(await client.get('gatehouse:limit:a:global')).toBe(before);
});

test('a password comes from its file', async (context) => {
  needsRedis(context);
  const { writeFileSync, mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const folder = mkdtempSync(`${tmpdir()}/redis-`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(`${folder}/password`, 'correct horse\n');
  const redis = await startRedis(['--requirepass', 'correct horse']);
  const upstream = await startUpstream((_req, res) => res.end('reached'));
  const yaml = toYaml(
    `{ url: "${redis.url}", passwordFile: "${folder}/password" }`,
    '{ a: { by: [ip], rate: 1, perSeconds: 3600 } }',
    'a',
  );
  const { gateway } = await startGateway({ upstreamPort: upstream.port, yaml });
  await eventually(() => gateway.viewLimits().store.state === 'shared');
  expect(JSON.stringify(gateway.viewLimits())).not.toContain('correct horse');
});

test('Redis decides as the gateway does, for any policy and any past', async (context) => {
  needsRedis(context);
  const redis = await startRedis();
  const client = connect(redis);
  const intervals = fc.integer({ min: 1_000_000, max: 100_000_000 });
  const policies = fc.array(
    fc.record({ intervalUs: intervals, cost: fc.integer({ min: 1, max: 9 }), burst: fc.integer({ min: 9, max: 50 }) }),
    { minLength: 1, maxLength: 4 },
  );
  /** How far ahead each key's tat is, in bursts; undefined: the key is not there. */
  const pasts = fc.array(fc.option(fc.double({ min: -1, max: 2, noNaN: true }), { nil: undefined }), {
    minLength: 4,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(policies, pasts, async (list, past) => {
      await client.flushall();
      const rates = list.map(({ intervalUs, cost, burst }) => ({
        intervalUs,
        incrementUs: cost * intervalUs,
        capacityUs: burst * intervalUs,
      }));
      const [seconds = 0, micros = 0] = (await client.time()).map(Number);
      const begin = seconds * 1_000_000 + micros;
      const stored = rates.map(({ capacityUs }, index) => {
        const ahead = past[index];
        return ahead === undefined ? undefined : Math.round(begin + ahead * capacityUs);
      });
      for (const [index, tat] of stored.entries()) if (tat !== undefined) await client.set(`k${index}`, String(tat));
      const numbers = rates.flatMap(({ incrementUs, capacityUs }) => [String(incrementUs), String(capacityUs)]);
      const names = rates.map((_rate, index) => `k${index}`);
      const [admitted, now = 0, ...found] = (await client.eval(
        sharedScript.text,
        names.length,
        ...names,
        'take',
        ...numbers,
      )) as number[];
      const verdicts = rates.map((rate, index) => decideCell(stored[index], now, rate));
      expect(admitted).toBe(verdicts.every((verdict) => verdict.admitted) ? 1 : 0);
      for (const [index, verdict] of verdicts.entries()) {
        const rate = rates[index];
        if (!rate) continue;
        expect(found[index]).toBe(verdict.admitted ? verdict.tat - rate.incrementUs : verdict.tat);
        const after = await client.get(`k${index}`);
        if (admitted === 1) expect(Number(after)).toBe(verdict.tat);
        else expect(after).toBe(stored[index] === undefined ? null : String(stored[index]));
      }
    }),
    { numRuns: 60 },
  );
});
