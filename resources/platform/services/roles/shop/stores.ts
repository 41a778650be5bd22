// Opens the stores that the environment names. Where it names none, one in this process takes its place, and says so.
import { type Environment, findSecret, findWorkers } from '../../kit/environment.ts';
import type { Program } from '../../kit/program.ts';
import type { Cache, CacheResult } from '../../stores/cache.ts';
import { createInProcessCache } from '../../stores/cacheInProcess.ts';
import { openRedisCache } from '../../stores/cacheRedis.ts';
import type { Database } from '../../stores/database.ts';
import { openPostgres } from '../../stores/databasePostgres.ts';
import { openSqlite } from '../../stores/databaseSqlite.ts';
import type { SearchIndex } from '../../stores/searchIndex.ts';
import { createElasticIndex } from '../../stores/searchIndexElastic.ts';
import { createInProcessIndex } from '../../stores/searchIndexInProcess.ts';
import type { QueueSettings, TaskQueue, WorkReport } from '../../stores/taskQueue.ts';
import { createInProcessQueue } from '../../stores/taskQueueInProcess.ts';
import { createRabbitQueue } from '../../stores/taskQueueRabbit.ts';

export interface Stores {
  database: Database;
  cache: Cache;
  searchIndex: SearchIndex;
  searchEngine: 'elasticsearch' | 'in-process';
  queue: TaskQueue;
  /** Tasks are worked off where they are sent: no other process could get at them. */
  isQueueHere: boolean;
  /** For people, by store. */
  describe: Record<string, string>;
  /** Which are away, as far as is known. */
  states(): Record<'database' | 'cache' | 'search' | 'queue', boolean>;
  degraded(): string[];
  close(): Promise<void>;
}

export interface StoreReports {
  countCache(result: CacheResult): void;
  reportWork(report: WorkReport): void;
}

export const QUEUE_NAME = 'shop.tasks';
/** So that what is known of a store is true even when nobody asks for anything. */
const PROBE_EVERY_MS = 5_000;

/** Throws when a URL is wrong, or its password cannot be read; a store that is away is no reason not to start. */
export async function openStores(program: Program, { countCache, reportWork }: StoreReports): Promise<Stores> {
  const { environment, log } = program;
  const workers = findWorkers(environment);
  const { url: searchUrl } = findStore(environment, 'SHOP_SEARCH', ['http:', 'https:']);
  const database = await openDatabase(program, workers);
  const cache = await openCache(program, countCache);
  const searchIndex = searchUrl === undefined ? createInProcessIndex() : createElasticIndex({ url: searchUrl, log });
  const settings = { name: QUEUE_NAME, atOnce: workers, report: reportWork };
  const broker = findBroker(program, settings);
  const queue = broker ?? createInProcessQueue(settings);
  const states = () => ({
    database: database.isAway,
    cache: cache.isAway,
    search: searchIndex.isAway,
    queue: queue.isAway,
  });
  const probing = setInterval(() => {
    void database.query('select 1 as probe').catch(() => {});
    void cache.probe();
    void searchIndex.probe().catch(() => {});
  }, PROBE_EVERY_MS);
  return {
    ...{ database, cache, searchIndex, queue, states },
    searchEngine: searchUrl === undefined ? 'in-process' : 'elasticsearch',
    isQueueHere: broker === undefined,
    describe: {
      database: database.described,
      cache: cache.described,
      search: searchIndex.described,
      queue: queue.described,
    },
    degraded: () => Object.entries(states()).flatMap(([store, isAway]) => (isAway ? [store] : [])),
    async close() {
      clearInterval(probing);
      // The queue first: what is under way still needs the others.
      await queue.close();
      await Promise.all([searchIndex.close(), cache.close(), database.close()]);
    },
  };
}

export function openDatabase({ environment, log }: Program, connections: number): Promise<Database> {
  const { url, password } = findStore(environment, 'SHOP_DATABASE', ['postgres:', 'postgresql:']);
  return url === undefined ? openSqlite() : openPostgres({ url, password, connections, log });
}

/** undefined when the environment names none. */
export function findBroker({ environment, log }: Program, settings: QueueSettings): TaskQueue | undefined {
  const { url, password } = findStore(environment, 'SHOP_QUEUE', ['amqp:']);
  return url === undefined ? undefined : createRabbitQueue({ ...settings, url, password, log });
}

async function openCache({ environment, log }: Program, report: (result: CacheResult) => void): Promise<Cache> {
  const { url, password } = findStore(environment, 'SHOP_CACHE', ['redis:']);
  if (url === undefined) return createInProcessCache({ log, report });
  return openRedisCache({ url, password, prefix: 'shop:', log, report });
}

interface StoreAddress {
  url: URL | undefined;
  password: string | undefined;
}

/** Throws with the variable's name; never with its value, in which somebody may have put the password. */
function findStore(environment: Environment, name: string, protocols: readonly string[]): StoreAddress {
  const text = environment[name] || undefined;
  if (text === undefined) return { url: undefined, password: undefined };
  const url = URL.parse(text);
  if (url === null || !protocols.includes(url.protocol)) {
    throw new Error(`${name} is not a URL that begins with ${protocols.join(' or ')}//`);
  }
  if (url.password !== '') throw new Error(`${name} holds a password; put it into ${name}_PASSWORD_FILE`);
  return { url, password: findSecret(environment, `${name}_PASSWORD`) };
}
