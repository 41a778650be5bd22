// Redis as a cache. A question that takes too long is no faster than the database, so the timeouts are short.
import type { Log } from '../kit/log.ts';
import { type Cache, type CacheResult, createCache } from './cache.ts';
import { inClientSpan } from './clientSpan.ts';
import { createStoreState, toReason } from './storeState.ts';

export interface RedisCacheOptions {
  /** redis://host:port/number */
  url: URL;
  password: string | undefined;
  /** Goes before every key: others use the same server. */
  prefix: string;
  log: Log;
  report(result: CacheResult): void;
}

const CONNECT_TIMEOUT_MS = 1_000;
const COMMAND_TIMEOUT_MS = 250;
const LONGEST_BACKOFF_MS = 2_000;

export async function openRedisCache({ url, password, prefix, log, report }: RedisCacheOptions): Promise<Cache> {
  const { Redis } = await import('ioredis');
  const state = createStoreState('cache', log);
  const redis = new Redis({
    host: url.hostname,
    port: Number(url.port) || 6379,
    db: Number(url.pathname.slice(1)) || 0,
    ...(password === undefined ? {} : { password }),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    keyPrefix: prefix,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    // What cannot be asked now is not asked later: the answer has come from elsewhere by then.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 6), LONGEST_BACKOFF_MS),
  });
  redis.on('error', (error) => state.away(toReason(error)));
  await new Promise<void>((resolve) => {
    // The first requests should find it, and its absence must not hold up the start.
    redis.once('ready', resolve);
    redis.once('error', () => resolve());
    setTimeout(resolve, CONNECT_TIMEOUT_MS).unref();
  });

  const asking = <Value>(operation: string, work: () => Promise<Value>) =>
    inClientSpan(operation, { 'db.system.name': 'redis', 'db.operation.name': operation }, work);

  return createCache({
    shelf: {
      read: (keys) => asking('MGET', async () => (await redis.mget([...keys])).map((text) => text ?? undefined)),
      write: (key, text, ttlSeconds) =>
        asking('SET', async () => {
          await redis.set(key, text, 'EX', ttlSeconds);
        }),
      remove: (key) =>
        asking('DEL', async () => {
          await redis.del(key);
        }),
    },
    state,
    described: `Redis at ${url.host}`,
    report,
    close: async () => redis.disconnect(),
  });
}
