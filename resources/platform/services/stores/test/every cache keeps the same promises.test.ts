import { afterAll, describe, expect, type TestContext, test } from 'vitest';
import { needRedis, type RealServer, startRedis } from '../../test/realServers.ts';
import type { Cache, CacheResult } from '../cache.ts';
import { createInProcessCache } from '../cacheInProcess.ts';
import { openRedisCache } from '../cacheRedis.ts';

const opened: Cache[] = [];
let server: Promise<RealServer> | undefined;
afterAll(async () => {
  await Promise.all(opened.map((cache) => cache.close()));
  await (await server)?.remove();
});

const KINDS = ['in this process', 'Redis'] as const;
let count = 0;

async function open(kind: (typeof KINDS)[number], context: TestContext) {
  const results: CacheResult[] = [];
  const options = { log: () => {}, report: (result: CacheResult) => void results.push(result) };
  if (kind === 'in this process') {
    const cache = createInProcessCache(options);
    return { cache, results, another: async () => cache };
  }
  needRedis(context);
  server ??= startRedis();
  const { port } = await server;
  count += 1;
  const prefix = `test${count}:`;
  const another = async () => {
    const cache = await openRedisCache({
      ...{ ...options, prefix, password: undefined },
      url: new URL(`redis://127.0.0.1:${port}/0`),
    });
    opened.push(cache);
    return cache;
  };
  return { cache: await another(), results, another };
}

const entry = (key: string, tags: string[] = [], ttlSeconds = 60) => ({ key, tags, ttlSeconds });

describe.each(KINDS)('%s', (kind) => {
  test('produces once, then remembers, for other programs too', async (context) => {
    const { cache, results, another } = await open(kind, context);
    let produced = 0;
    const produce = async () => ({ value: ++produced, text: 'ä' });
    expect(await cache.remember(entry('a'), produce)).toEqual({ value: 1, text: 'ä' });
    expect(await (await another()).remember(entry('a'), produce)).toEqual({ value: 1, text: 'ä' });
    expect(await cache.remember(entry('b'), produce)).toEqual({ value: 2, text: 'ä' });
    expect(results).toEqual(['miss', 'hit', 'miss']);
  });

  test('gives nothing of an invalidated tag, and everything else', async (context) => {
    const { cache, another } = await open(kind, context);
    let produced = 0;
    const produce = async () => ++produced;
    await cache.remember(entry('a', ['red', 'small']), produce);
    await cache.remember(entry('b', ['blue', 'small']), produce);
    await (await another()).invalidate(['red']);
    expect(await cache.remember(entry('a', ['red', 'small']), produce)).toBe(3);
    expect(await cache.remember(entry('b', ['blue', 'small']), produce)).toBe(2);
    await cache.invalidate(['small']);
    expect(await cache.remember(entry('a', ['red', 'small']), produce)).toBe(4);
    expect(await cache.remember(entry('b', ['blue', 'small']), produce)).toBe(5);
  });

  test('does not keep what was invalidated while it was produced', async (context) => {
    const { cache } = await open(kind, context);
    await cache.remember(entry('a', ['red']), async () => {
      await cache.invalidate(['red']);
      return 'old';
    });
    expect(await cache.remember(entry('a', ['red']), async () => 'new')).toBe('new');
  });

  test('forgets a key', async (context) => {
    const { cache } = await open(kind, context);
    await cache.remember(entry('a'), async () => 1);
    await cache.forget('a');
    expect(await cache.remember(entry('a'), async () => 2)).toBe(2);
  });

  test('forgets by itself', async (context) => {
    const { cache } = await open(kind, context);
    let produced = 0;
    await cache.remember(entry('a', [], 1), async () => ++produced);
    await expect.poll(() => cache.remember(entry('a', [], 1), async () => ++produced)).toBeGreaterThan(1);
  });

  test('passes on what the producer throws, and asks it again', async (context) => {
    const { cache } = await open(kind, context);
    const failing = cache.remember(entry('a'), async () => {
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await cache.remember(entry('a'), async () => 1)).toBe(1);
  });

  test('asks the producer once for many who miss at the same time', async (context) => {
    const { cache } = await open(kind, context);
    let produced = 0;
    const gate = Promise.withResolvers<void>();
    const asked = Array.from({ length: 20 }, () =>
      cache.remember(entry('a'), async () => {
        produced += 1;
        await gate.promise;
        return produced;
      }),
    );
    await expect.poll(() => produced).toBe(1);
    gate.resolve();
    expect(new Set(await Promise.all(asked))).toEqual(new Set([1]));
  });
});

describe('Redis', () => {
  test.for(['stops', 'freezes'] as const)(
    '%s: answers come all the same, and what was invalidated meanwhile is gone after',
    async (how, context) => {
      needRedis(context);
      const own = await startRedis();
      const results: CacheResult[] = [];
      const cache = await openRedisCache({
        url: new URL(`redis://127.0.0.1:${own.port}/0`),
        ...{ password: undefined, prefix: 'x:', log: () => {}, report: (result) => void results.push(result) },
      });
      try {
        await cache.remember(entry('a', ['red']), async () => 'old');
        await (how === 'stops' ? own.stop() : own.freeze());
        expect(await cache.remember(entry('a', ['red']), async () => 'fresh')).toBe('fresh');
        expect(cache.isAway).toBe(true);
        expect(results.at(-1)).toBe('away');
        await cache.invalidate(['red']);
        await (how === 'stops' ? own.start() : own.thaw());
        await expect
          .poll(async () => {
            await cache.probe();
            return cache.isAway;
          })
          .toBe(false);
        expect(await cache.remember(entry('a', ['red']), async () => 'new')).toBe('new');
      } finally {
        await cache.close();
        await own.remove();
      }
    },
  );

  test('that is not there when the program starts holds it up for a second at most', async (context) => {
    needRedis(context);
    const own = await startRedis();
    await own.stop();
    const cache = await openRedisCache({
      url: new URL(`redis://127.0.0.1:${own.port}/0`),
      ...{ password: undefined, prefix: 'x:', log: () => {}, report: () => {} },
    });
    try {
      expect(await cache.remember(entry('a'), async () => 1)).toBe(1);
      await own.start();
      await expect.poll(() => cache.probe().then(() => cache.isAway)).toBe(false);
    } finally {
      await cache.close();
      await own.remove();
    }
  });
});
