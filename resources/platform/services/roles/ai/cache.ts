// The cache of answers that the AI services share by its keys' prefixes; with it, how often it helped.
import { Counter } from 'prom-client';
import { findSecret } from '../../kit/environment.ts';
import type { Program } from '../../kit/program.ts';
import type { Cache, CacheResult } from '../../stores/cache.ts';
import { createInProcessCache } from '../../stores/cacheInProcess.ts';
import { openRedisCache } from '../../stores/cacheRedis.ts';
import type { Leaned } from '../aiService.ts';

/** Reads AI_CACHE and AI_CACHE_PASSWORD. `name` is the service's: others keep theirs on the same server. */
export async function openAnswerCache(program: Program, name: string): Promise<{ cache: Cache; leaned: Leaned }> {
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
  const leaned: Leaned = {
    name: 'cache',
    get isAway() {
      return cache.isAway;
    },
  };
  return { cache, leaned };
}
