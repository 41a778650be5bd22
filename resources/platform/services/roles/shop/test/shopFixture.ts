// A shop on a database of its own, without HTTP: sown, with a customer, and work that is done when it is asked for.
import { createInProcessCache } from '../../../stores/cacheInProcess.ts';
import type { Database } from '../../../stores/database.ts';
import { migrate } from '../../../stores/databaseMigrations.ts';
import { createInProcessIndex } from '../../../stores/searchIndexInProcess.ts';
import { StoreAway } from '../../../stores/storeState.ts';
import type { Delivery, Task } from '../../../stores/taskQueue.ts';
import { placeOrder, type WantedOrder } from '../orders.ts';
import { relaySome } from '../outbox.ts';
import { sowPast } from '../seed.ts';
import { MIGRATIONS } from '../tables.ts';
import { runTask, type TaskSetting } from '../tasks.ts';

export async function sow(database: Database): Promise<void> {
  await migrate(database, MIGRATIONS);
  await sowPast(database);
}

export function createSetting(database: Database): TaskSetting {
  const cache = createInProcessCache({ log: () => {}, report: () => {} });
  return { database, cache, searchIndex: createInProcessIndex(), onTasksAdded: () => {} };
}

export function createWish(change: Partial<WantedOrder> = {}): WantedOrder {
  return {
    ...{ customerId: 1, lines: [{ productId: 1, quantity: 2 }], expectedTotalCents: undefined, fromCart: false },
    ...{ paymentMethod: 'stub:approve', key: undefined },
    ...change,
  };
}

export async function order(database: Database, change: Partial<WantedOrder> = {}) {
  return (await placeOrder(database, createWish(change))).order;
}

/** Takes what the outbox sends. While `isAway` it takes nothing, and what it took before it keeps. */
export function createCollector() {
  const tasks: Task[] = [];
  return {
    tasks,
    isAway: false,
    async send(task: Task): Promise<void> {
      if (this.isAway) throw new StoreAway('task queue', 'it is played so');
      tasks.push(task);
    },
  };
}

/** Sends and works until nothing is left; each task as often as `times` says. Answers the names, in their order. */
export async function workAll(setting: TaskSetting, { times = 1, attempt = 1 } = {}): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const collector = createCollector();
    if ((await relaySome(setting.database, collector)) === 0) return names;
    for (const task of collector.tasks) {
      names.push(task.name);
      const delivery: Delivery = { ...task, attempt };
      for (let time = 0; time < times; time += 1) await runTask(setting, delivery);
    }
  }
}

export async function findShelf(database: Database, id: number) {
  const [shelf] = await database.query<{ stock: number; reserved: number }>(
    'select stock, reserved from products where id = $1',
    [id],
  );
  return shelf;
}

export async function setStock(database: Database, id: number, stock: number): Promise<void> {
  await database.query('update products set stock = $2, reserved = 0 where id = $1', [id, stock]);
}
