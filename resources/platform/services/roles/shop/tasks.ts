// What the worker does, by the names of tasks. Each may come twice (a lost acknowledgement, two relays): what changes
// something notes the message that it was done for, in the same transaction.
import type { Cache } from '../../stores/cache.ts';
import type { Database } from '../../stores/database.ts';
import type { SearchIndex } from '../../stores/searchIndex.ts';
import { type Delivery, TaskRefused } from '../../stores/taskQueue.ts';
import { confirmOrder, resumeOrders, takePayment } from './orderTasks.ts';
import { cleanUp, countStock, findBestseller, indexProducts, restock } from './shopTasks.ts';

export interface TaskSetting {
  database: Database;
  cache: Cache;
  searchIndex: SearchIndex;
  /** A task may have been written to the outbox. */
  onTasksAdded(): void;
}

/** For the log. */
export type Facts = Record<string, number | string>;
export type TaskWork = (setting: TaskSetting, delivery: Delivery) => Promise<Facts>;

export const TASKS: Readonly<Record<string, TaskWork>> = {
  'take-payment': takePayment,
  'confirm-order': confirmOrder,
  'resume-orders': resumeOrders,
  'index-products': indexProducts,
  restock,
  'count-stock': countStock,
  'find-bestseller': findBestseller,
  'clean-up': cleanUp,
};

export function runTask(setting: TaskSetting, delivery: Delivery): Promise<Facts> {
  const work = Object.hasOwn(TASKS, delivery.name) ? TASKS[delivery.name] : undefined;
  if (work === undefined) throw new TaskRefused(`there is no task ${JSON.stringify(delivery.name)}`);
  return work(setting, delivery);
}
