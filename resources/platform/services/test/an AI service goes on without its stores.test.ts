// The services as real processes before the stand-in of Qdrant, a real Redis and, on an engine, a real Postgres, each of
// which goes away and comes back.
import { afterAll, afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { needEngine, needRedis, startPostgres, startRedis } from './realServers.ts';
import { type ServiceProcess, startService } from './serviceProcess.ts';
import { startStandIn } from './standInProcess.ts';

/** Several processes a test, each of which learns at its start, on a machine that may be busy. */
vi.setConfig({ testTimeout: 60_000 });
const PATIENCE = { timeout: 40_000 };

const started: ServiceProcess[] = [];
afterAll(() => vi.resetConfig());
afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.stop()));
});

/** A port of the service multiplexer, which is too low for any test to listen at. */
const NOBODY = '127.0.0.1:1';

async function start(role: string, port: number, environment: Record<string, string>) {
  const service = startService([role], { GATEHOUSE_PORTS: JSON.stringify({ [port]: '127.0.0.1:0' }), ...environment });
  started.push(service);
  const { address } = await service.line((line) => line.address !== undefined);
  const get = async (path: string) =>
    (await fetch(`http://${address}${path}`)).json() as Promise<Record<string, unknown>>;
  return {
    service,
    get,
    url: `http://${address}`,
    degraded: async () => (await get('/health')).degraded,
    metrics: async () => (await fetch(`http://${address}/metrics`)).text(),
  };
}

test('search answers the same while Qdrant is away, says so, and fills it again when it comes back empty', async () => {
  const qdrant = await startStandIn('qdrant');
  const search = await start('search', 8002, { AI_VECTORS: qdrant.url });
  const before = await search.get('/query/?q=ketle');
  expect(before).toMatchObject({ degraded: [], results: expect.arrayContaining([]) });

  await qdrant.stop();
  const during = await search.get('/query/?q=ketle');
  expect(during).toEqual({ ...before, degraded: ['vectors'] });
  expect(await search.degraded()).toEqual(['vectors']);
  expect(await search.metrics()).toContain('dependency_away{dependency="vectors",service="search"} 1');

  await qdrant.restart();
  await expect.poll(search.degraded, PATIENCE).toEqual([]);
  expect(await search.get('/query/?q=ketle')).toEqual(before);
  const { collection } = (await search.get('/')).stores as { collection: string };
  const kept = (await (await fetch(`${qdrant.url}/collections/${collection}`)).json()) as { result: unknown };
  expect(kept.result).toMatchObject({ points_count: 1_200, config: { params: { vectors: { size: 256 } } } });
});

test('two replicas of search that start at once leave one whole index', async () => {
  const qdrant = await startStandIn('qdrant');
  const replicas = await Promise.all([1, 2].map(() => start('search', 8002, { AI_VECTORS: qdrant.url })));
  for (const replica of replicas) expect(await replica.degraded()).toEqual([]);
  const list = (await (await fetch(`${qdrant.url}/collections`)).json()) as { result: { collections: unknown[] } };
  expect(list.result.collections).toHaveLength(1);
});

test.each([
  ['recommender', 8001, '/user/1/', ['cache', 'model-state']],
  ['search', 8002, '/query/?q=tent', ['vectors']],
  ['pricing', 8003, '/calculate/?product_id=1', ['model-state']],
  ['fraud', 8005, '/rules/', ['model-state']],
  ['forecasting', 8006, '/product/1/', ['cache', 'model-state']],
  ['vision', 8007, '/product/1/image/', ['vectors']],
])('%s starts and answers without any of its stores', async (role, port, path, away) => {
  const service = await start(role, port, {
    AI_DATABASE: `postgres://shop@${NOBODY}/shop`,
    AI_DATABASE_PASSWORD: 'wrong',
    AI_CACHE: `redis://${NOBODY}/1`,
    AI_VECTORS: `http://${NOBODY}`,
  });
  expect((await fetch(service.url + path)).status).toBe(200);
  expect(await service.degraded()).toEqual(away);
  expect(JSON.stringify(service.service.lines)).not.toContain('wrong');
});

test('recommendations come from Redis the second time, are the same without it, and use it again when it is back', async (context) => {
  needRedis(context);
  const redis = await startRedis();
  onTestFinished(() => redis.remove());
  const recommender = await start('recommender', 8001, { AI_CACHE: `redis://127.0.0.1:${redis.port}/1` });
  const count = async (result: string) => {
    const line = new RegExp(`cache_requests_total\\{result="${result}",service="recommender"\\} (\\d+)`);
    return Number(line.exec(await recommender.metrics())?.[1] ?? 0);
  };
  const first = await recommender.get('/user/1/');
  expect(await recommender.get('/user/1/')).toEqual(first);
  expect([await count('miss'), await count('hit')]).toEqual([1, 1]);

  await redis.stop();
  expect(await recommender.get('/user/1/')).toEqual({ ...first, degraded: ['cache'] });
  expect(await count('away')).toBe(1);

  await redis.start();
  await expect.poll(recommender.degraded, PATIENCE).toEqual([]);
  await recommender.get('/user/1/');
  expect(await recommender.get('/user/1/')).toEqual(first);
  expect(await count('hit')).toBe(2);
});

test('strangers share one entry of the cache, so made-up ids do not fill it', async (context) => {
  needRedis(context);
  const redis = await startRedis();
  onTestFinished(() => redis.remove());
  const recommender = await start('recommender', 8001, { AI_CACHE: `redis://127.0.0.1:${redis.port}/1` });
  for (let id = 0; id < 20; id += 1) {
    expect(await recommender.get(`/user/stranger${id}/`)).toMatchObject({ user: `stranger${id}`, purchases: 0 });
  }
  expect(await recommender.metrics()).toContain('cache_requests_total{result="hit",service="recommender"} 19');
});

test('what one replica has learned the next one loads; one that starts without the database saves it later', async (context) => {
  needEngine(context);
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const environment = {
    AI_DATABASE: (await postgres.createDatabase()).href,
    AI_DATABASE_PASSWORD: postgres.password,
  };
  const origin = async (replica: { get(path: string): Promise<Record<string, unknown>> }) =>
    (await replica.get('/rules/')).origin;
  const learner = await start('fraud', 8005, environment);
  expect([await origin(learner), await learner.degraded()]).toEqual(['trained', []]);
  const loader = await start('fraud', 8005, environment);
  expect([await origin(loader), await loader.degraded()]).toEqual(['loaded', []]);
  expect({ ...(await loader.get('/rules/')), origin: 'trained' }).toEqual(await learner.get('/rules/'));

  const other = { ...environment, AI_DATABASE: (await postgres.createDatabase()).href };
  await postgres.stop();
  const early = await start('fraud', 8005, other);
  expect([await origin(early), await early.degraded()]).toEqual(['trained', ['model-state']]);
  await postgres.start();
  await expect.poll(early.degraded, PATIENCE).toEqual([]);
  expect(await origin(await start('fraud', 8005, other))).toBe('loaded');
}, 240_000);

test('a picture that vision gives out is found again as the picture of its product', async () => {
  const vision = await start('vision', 8007, {});
  const { image } = (await vision.get('/product/3/image/')) as { image: string };
  const body = Buffer.from(image.split(',')[1] ?? '', 'base64');
  const answer = await fetch(`${vision.url}/classify/`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'image/png' },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    ...{ width: 32, height: 32, category: 'kitchen', degraded: [] },
    results: expect.arrayContaining([{ product: expect.objectContaining({ id: 3 }), score: 1 }]),
  });
});

test.each([
  ['a JPEG', Buffer.from('ffd8ffe0', 'hex'), 415, 'image-unsupported'],
  ['half a PNG', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 400, 'image-broken'],
  ['a PPM that claims a billion pixels', Buffer.from('P6 99999 9999 255\n'), 413, 'image-too-large'],
  ['nothing', Buffer.alloc(0), 400, 'no-image'],
])('vision refuses %s with the reason', async (_, body, status, code) => {
  const vision = await start('vision', 8007, {});
  const answer = await fetch(`${vision.url}/classify/`, { method: 'POST', body });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ code });
});
