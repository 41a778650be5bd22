// The cache of answers that the AI services share by its keys' prefixes; with it, how often it helped.
import { Counter } from 'prom-client';
import { findSecret } from '../../kit/environment.ts';
import type { Program } from '../../kit/program.ts';
import type { Cache, CacheResult } from '../../stores/cache.ts';
import { createInProcessCache } from '../../stores/cacheInProcess.ts';
import { openRedisCache } from '../../stores/cacheRedis.ts';
import type { Leaned } from '../aiService.ts';
import { findDependencyMetrics } from './dependency.ts';

/** While it is away somebody has to find out that it is back, also where nobody asks the service anything. */
const LOOK_AGAIN_MS = 2_000;

export interface AnswerCache {
  cache: Cache;
  leaned: Leaned;
  close(): Promise<void>;
}

/** Reads AI_CACHE and AI_CACHE_PASSWORD. `name` is the service's: others keep theirs on the same server. */
export async function openAnswerCache(program: Program, name: string): Promise<AnswerCache> {
  const { environment, log, metrics } = program;
  const requests = new Counter({
    name: 'cache_requests_total',
    help: 'Answers that were looked for in the cache, by whether they were there.',
    labelNames: ['result'],
    registers: [metrics.registry],
  });
  const report = (result: CacheResult) => requests.inc({ result });
  const url = environment.AI_CACHE || undefined;
  const password = findSecret(environment, 'AI_CACHE_PASSWORD');
  const cache =
    url === undefined
      ? createInProcessCache({ log, report })
      : await openRedisCache({ url: new URL(url), password, prefix: `ai:${name}:`, log, report });
  const { away } = findDependencyMetrics(metrics.registry);
  away.set({ dependency: 'cache' }, 0);
  const timer = setInterval(() => {
    away.set({ dependency: 'cache' }, cache.isAway ? 1 : 0);
    if (cache.isAway) void cache.forget('nothing');
  }, LOOK_AGAIN_MS);
  timer.unref();
  return {
    cache,
    leaned: {
      name: 'cache',
      get isAway() {
        return cache.isAway;
      },
    },
    async close() {
      clearInterval(timer);
      await cache.close();
    },
  };
}
