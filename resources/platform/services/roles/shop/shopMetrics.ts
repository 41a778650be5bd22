// The shop's own metrics, beside those of the kit. Labels are names of this code, never what a client sent.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CacheResult } from '../../stores/cache.ts';
import type { WorkReport } from '../../stores/taskQueue.ts';
import { findOutbox } from './outbox.ts';
import type { Stores } from './stores.ts';
import { TASKS } from './tasks.ts';

export interface ShopMetrics {
  countCache(result: CacheResult): void;
  countTask(report: WorkReport): void;
  countOrder(result: 'placed' | 'repeated' | 'refused'): void;
  /** From then on gauges ask these stores whenever they are read. */
  watch(stores: Stores): void;
}

export function createShopMetrics(registry: Registry): ShopMetrics {
  const registers = [registry];
  const cache = new Counter({
    name: 'shop_cache_requests_total',
    help: 'Questions to the cache; away: it could not be asked.',
    labelNames: ['result'],
    registers,
  });
  const tasks = new Counter({
    name: 'shop_tasks_total',
    help: 'Tries of tasks by what came of them: done, retry (it waits for the next try) or dead.',
    labelNames: ['task', 'result'],
    registers,
  });
  const durations = new Histogram({
    name: 'shop_task_duration_seconds',
    help: 'Time of one try of a task.',
    labelNames: ['task'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10],
    registers,
  });
  const orders = new Counter({
    name: 'shop_orders_total',
    help: 'Orders by what came of the request; repeated: the same key had placed it before.',
    labelNames: ['result'],
    registers,
  });
  return {
    countCache: (result) => cache.inc({ result }),
    countTask({ task, outcome, ms }) {
      const name = Object.hasOwn(TASKS, task) ? task : 'unknown';
      tasks.inc({ task: name, result: outcome.kind });
      durations.observe({ task: name }, ms / 1_000);
    },
    countOrder: (result) => orders.inc({ result }),
    watch: (stores) => watchStores(registry, stores),
  };
}

function watchStores(registry: Registry, stores: Stores): void {
  const { database, queue } = stores;
  const gauge = (name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => Promise<void> | void) => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        // A store that is away has no number, and zero is one; a scrape must not fail for it either.
        this.reset();
        if (labelNames.length === 0) this.remove();
        await Promise.resolve(collect(this)).catch(() => {});
      },
    });
  };
  gauge('shop_degraded', '1 for each store that was away when it was last asked.', ['store'], (it) => {
    for (const [store, isAway] of Object.entries(stores.states())) it.set({ store }, isAway ? 1 : 0);
  });
  gauge('shop_database_connections', 'Connections of this process to the database.', ['state'], (it) => {
    const { open, idle } = database.connections();
    it.set({ state: 'busy' }, open - idle);
    it.set({ state: 'idle' }, idle);
  });
  gauge('shop_database_waiting', 'Callers in this process that wait for a connection.', [], (it) => {
    it.set(database.connections().waiting);
  });
  gauge('shop_outbox_tasks', 'Tasks that are written and not yet sent to the queue.', [], async (it) => {
    it.set((await findOutbox(database)).waiting);
  });
  gauge('shop_outbox_oldest_seconds', 'Age of the oldest task that is not yet sent.', [], async (it) => {
    const { oldest } = await findOutbox(database);
    it.set(oldest === null ? 0 : Math.max(0, (Date.now() - Date.parse(oldest)) / 1_000));
  });
  gauge('shop_queue_tasks', 'Tasks in the queue: ready, waiting for another try, dead.', ['state'], async (it) => {
    for (const [state, count] of Object.entries(await queue.depth())) it.set({ state }, count);
  });
}
