import { expect, test } from 'vitest';
import { eventually, type TestGateway } from './fixture.ts';
import { ask, findClosedPort, type ReplicaView, startMany, startReplica, viewMany } from './replicas.ts';

const CHECK =
  'healthCheck: { path: /well, intervalMs: 50, timeoutMs: 500, healthyThreshold: 2, unhealthyThreshold: 2 }';

/** Answers its health page with `status`, everything else with its name. */
async function startChecked(name: string, status: () => number | null = () => 200) {
  const seen = { checks: 0, userAgent: '' as string | undefined };
  const replica = await startReplica((req, res) => {
    if (req.url !== '/well') return void res.end(name);
    seen.checks += 1;
    seen.userAgent = req.headers['user-agent'];
    const said = status();
    if (said !== null) res.writeHead(said).end('page');
  });
  return { ...replica, seen };
}

async function healthOf(gateway: TestGateway, id: string): Promise<ReplicaView['health'] | undefined> {
  return (await viewMany(gateway)).replicas.find((replica) => replica.id === id)?.health;
}

const askTimes = async (gateway: TestGateway, count: number) =>
  new Set((await Promise.all(Array.from({ length: count }, () => ask(gateway.port, '/many')))).map(({ body }) => body));

test('a replica that fails its checks gets no requests until it passes them again', async () => {
  let status = 200;
  const one = await startChecked('one', () => status);
  const two = await startChecked('two');
  const three = await startChecked('three');
  const gateway = await startMany({ replicas: [one.id, two.id, three.id], upstream: CHECK });
  for (const { id } of [one, two, three]) await eventually(async () => (await healthOf(gateway, id)) === 'healthy');
  expect(await askTimes(gateway, 60)).toEqual(new Set(['one', 'two', 'three']));
  expect(one.seen.userAgent).toMatch(/^gatehouse-health\//);
  status = 503;
  await eventually(async () => (await healthOf(gateway, one.id)) === 'unhealthy');
  expect(await askTimes(gateway, 60)).toEqual(new Set(['two', 'three']));
  expect(await gateway.admin('/upstreams')).toMatchObject([
    {},
    { inPanic: false, replicas: [{ lastCheck: { passed: false, note: 'status 503' } }, {}, {}] },
  ]);
  status = 200;
  await eventually(async () => (await healthOf(gateway, one.id)) === 'healthy');
  expect(await askTimes(gateway, 60)).toContain('one');
});

test('no answer in time and a refused connection are failures of a check too', async () => {
  const silent = await startChecked('silent', () => null);
  const closed = await findClosedPort();
  const gateway = await startMany({
    replicas: [silent.id, closed],
    upstream: CHECK.replace('timeoutMs: 500', 'timeoutMs: 50'),
  });
  for (const id of [silent.id, closed]) await eventually(async () => (await healthOf(gateway, id)) === 'unhealthy');
  const { replicas } = await viewMany(gateway);
  expect(replicas).toMatchObject([
    { lastCheck: { note: 'no answer in 50 ms' } },
    { lastCheck: { note: 'connection refused' } },
  ]);
});

test('a new replica is unknown and waits for its first check, unless there are too few others', async () => {
  const slow = await startChecked('slow', () => null);
  const good = await startChecked('good');
  const gateway = await startMany({
    replicas: [good.id, slow.id],
    upstream: CHECK.replace('timeoutMs: 500', 'timeoutMs: 60000'),
  });
  await eventually(async () => (await healthOf(gateway, good.id)) === 'healthy');
  expect(await healthOf(gateway, slow.id)).toBe('unknown');
  expect(await askTimes(gateway, 40)).toEqual(new Set(['good']));
});

test('with too few healthy ones all are used, and with panic switched off none', async () => {
  const sick = () => 503;
  const replicas = [await startChecked('one', sick), await startChecked('two', sick), await startChecked('three')];
  const ids = replicas.map(({ id }) => id);
  const gateway = await startMany({ replicas: ids, upstream: CHECK });
  const strict = await startMany({
    replicas: ids.slice(0, 2),
    upstream: `${CHECK}, balance: { panicShare: 0 }`,
  });
  for (const id of ids.slice(0, 2))
    for (const each of [gateway, strict]) await eventually(async () => (await healthOf(each, id)) === 'unhealthy');
  expect(await viewMany(gateway)).toMatchObject({ inPanic: true });
  expect(await askTimes(gateway, 60)).toEqual(new Set(['one', 'two', 'three']));
  const refused = await ask(strict.port, '/many');
  expect(refused.status).toBe(503);
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'no-healthy-replica' });
});

test('a replica that answers 5xx in a row is ejected for a while, and one that passes its check comes back', async () => {
  let status = 500;
  const bad = await startReplica((req, res) => void res.writeHead(req.url === '/well' ? 200 : status).end('bad'));
  const good = await startReplica((_req, res) => res.end('good'));
  const other = await startReplica((_req, res) => res.end('good'));
  const replicas = [bad.id, good.id, other.id];
  const gateway = await startMany({ replicas, upstream: 'outlier: { consecutive5xx: 3, baseEjectionMs: 60000 }' });
  await eventually(async () => {
    await ask(gateway.port, '/many');
    return (await viewMany(gateway)).totals.ejections === 1;
  });
  expect(bad.requests).toBe(3);
  expect(await askTimes(gateway, 40)).toEqual(new Set(['good']));
  expect((await viewMany(gateway)).replicas[0]).toMatchObject({
    ejectedUntil: expect.any(Number),
    ejectedFor: '3 failures or 5xx in a row',
  });

  const checked = await startMany({
    replicas,
    upstream: `outlier: { consecutive5xx: 3, baseEjectionMs: 60000 }, ${CHECK}`,
  });
  for (const id of replicas) await eventually(async () => (await healthOf(checked, id)) === 'healthy');
  await eventually(async () => {
    await ask(checked.port, '/many');
    return (await viewMany(checked)).totals.ejections === 1;
  });
  status = 200;
  await eventually(async () => (await ask(checked.port, '/many')).body === 'bad');
});

test('a checked replica that comes back begins slowly', async () => {
  let status = 503;
  const slow = await startChecked('slow', () => status);
  const warm = await startChecked('warm');
  const gateway = await startMany({
    replicas: [slow.id, warm.id],
    upstream: `${CHECK}, balance: { slowStartMs: 600000, panicShare: 0.1 }`,
  });
  await eventually(async () => (await healthOf(gateway, slow.id)) === 'unhealthy');
  await eventually(async () => (await healthOf(gateway, warm.id)) === 'healthy');
  gateway.gateway.upstreams.find('many')?.replicas.forEach((replica) => {
    if (replica.id === warm.id) replica.warmSince = 0;
  });
  status = 200;
  await eventually(async () => (await healthOf(gateway, slow.id)) === 'healthy');
  const counts = { slow: 0, warm: 0 };
  for (let index = 0; index < 200; index++) counts[(await ask(gateway.port, '/many')).body as 'slow' | 'warm'] += 1;
  // A tenth of its share: 1 of 11.
  expect(counts.slow).toBeGreaterThan(2);
  expect(counts.slow).toBeLessThan(50);
});
