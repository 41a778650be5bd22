import type { Transaction } from '../../stores/database.ts';
import type { Delivery } from '../../stores/taskQueue.ts';

/**
 * Whether this transaction is the first to do the task for this message; it is noted with it. Of two that come at once,
 * the second waits until the first is done, which makes it the second, or undone, which makes it the first.
 */
export async function isFirst(transaction: Transaction, { id, name }: Delivery): Promise<boolean> {
  const noted = await transaction.query(
    'insert into processed (message_id, task, processed_at) values ($1, $2, $3) on conflict do nothing returning task',
    [id, name, new Date().toISOString()],
  );
  return noted.length > 0;
}
