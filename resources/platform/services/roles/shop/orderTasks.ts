// From an order that was received to one that is confirmed: received → paid | payment-failed, paid → confirmed.
import type { Transaction } from '../../stores/database.ts';
import { type Delivery, TaskRefused } from '../../stores/taskQueue.ts';
import { addTasks, type NewTask } from './outbox.ts';
import { charge, type Payment } from './paymentStub.ts';
import { isFirst } from './processed.ts';
import { toProductTag } from './products.ts';
import type { Facts, TaskSetting } from './tasks.ts';

type OrderTask = 'take-payment' | 'confirm-order';

/** The same whenever it is sent for this order, so that it is done once. */
export function toTaskId(orderId: number, name: OrderTask): string {
  return `order-${orderId}-${name}`;
}

function toTask(orderId: number, name: OrderTask): NewTask {
  return { id: toTaskId(orderId, name), name, payload: { orderId } };
}

interface OrderRow {
  id: number;
  status: string;
  total_cents: number;
  payment_method: string;
}

export async function takePayment(setting: TaskSetting, delivery: Delivery): Promise<Facts> {
  const { database, cache } = setting;
  const orderId = readOrderId(delivery);
  const [order] = await database.query<OrderRow>(
    'select id, status, total_cents, payment_method from orders where id = $1',
    [orderId],
  );
  if (order === undefined) throw new TaskRefused(`there is no order ${orderId}`);
  if (order.status !== 'received') return { orderId, skipped: order.status };
  const { total_cents: amountCents, payment_method: method } = order;
  const payment = charge({ method, orderId, amountCents, attempt: delivery.attempt });
  const released = await database.transaction((transaction) =>
    notePayment(transaction, delivery, { orderId, payment }),
  );
  setting.onTasksAdded();
  await cache.invalidate(released.map(toProductTag));
  return { orderId, payment: payment.result };
}

interface Paying {
  orderId: number;
  payment: Payment;
}

/** The ids of products that can be sold again. */
async function notePayment(
  transaction: Transaction,
  delivery: Delivery,
  { orderId, payment }: Paying,
): Promise<number[]> {
  if (!(await isFirst(transaction, delivery))) return [];
  const isApproved = payment.result === 'approved';
  const isMoved = await move(transaction, orderId, { from: 'received', to: isApproved ? 'paid' : 'payment-failed' });
  if (!isMoved) return [];
  await transaction.query('insert into payments (order_id, result, reference, made_at) values ($1, $2, $3, $4)', [
    orderId,
    payment.result,
    payment.reference,
    new Date().toISOString(),
  ]);
  if (isApproved) {
    await addTasks(transaction, [toTask(orderId, 'confirm-order')]);
    return [];
  }
  return changeShelves(transaction, orderId, 'reserved = reserved - line.quantity');
}

export async function confirmOrder(setting: TaskSetting, delivery: Delivery): Promise<Facts> {
  const orderId = readOrderId(delivery);
  const isConfirmed = await setting.database.transaction(async (transaction) => {
    if (!(await isFirst(transaction, delivery))) return false;
    if (!(await move(transaction, orderId, { from: 'paid', to: 'confirmed' }))) return false;
    await changeShelves(transaction, orderId, 'stock = stock - line.quantity, reserved = reserved - line.quantity');
    await transaction.query(
      `insert into confirmations (order_id, recipient, subject, written_at)
        select orders.id, customers.email, 'Your order is confirmed', $2
        from orders join customers on customers.id = orders.customer_id where orders.id = $1`,
      [orderId, new Date().toISOString()],
    );
    await addTasks(transaction, [{ id: `${delivery.id}-index`, name: 'index-products', payload: {} }]);
    return true;
  });
  setting.onTasksAdded();
  return { orderId, confirmed: isConfirmed ? 'now' : 'before' };
}

async function move(
  transaction: Transaction,
  orderId: number,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  const moved = await transaction.query(
    'update orders set status = $3, changed_at = $4 where id = $1 and status = $2 returning id',
    [orderId, from, to, new Date().toISOString()],
  );
  return moved.length > 0;
}

/** Locks the order's products by id first, as placing an order does: in any other order two could wait for each other. */
async function changeShelves(transaction: Transaction, orderId: number, change: string): Promise<number[]> {
  await transaction.query(
    `select id from products where id in (select product_id from order_lines where order_id = $1)
      order by id${transaction.rowLock}`,
    [orderId],
  );
  const changed = await transaction.query<{ id: number }>(
    `update products set ${change}, version = version + 1
      from (select product_id, quantity from order_lines where order_id = $1) as line
      where products.id = line.product_id returning id`,
    [orderId],
  );
  return changed.map(({ id }) => id);
}

/** Older than this, an order that still waits has lost its task: to the dead, or with the queue's own data. */
const STUCK_AFTER_MS = 60_000;
/** A provider that is away for longer is a matter for people: the dead would only become more. */
const GIVEN_UP_AFTER_MS = 3_600_000;
const RESUMED_AT_ONCE = 200;

export async function resumeOrders({ database, onTasksAdded }: TaskSetting): Promise<Facts> {
  const now = Date.now();
  const resumed = await database.transaction(async (transaction) => {
    const rows = await transaction.query<{ id: number; status: string }>(
      `select id, status from orders where status in ('received', 'paid') and placed_at < $1 and placed_at > $2
        order by placed_at limit ${RESUMED_AT_ONCE}`,
      [new Date(now - STUCK_AFTER_MS).toISOString(), new Date(now - GIVEN_UP_AFTER_MS).toISOString()],
    );
    const tasks = rows.map(({ id, status }) => toTask(id, status === 'received' ? 'take-payment' : 'confirm-order'));
    await addTasks(transaction, tasks);
    return rows.length;
  });
  if (resumed > 0) onTasksAdded();
  return { resumed };
}

function readOrderId({ payload }: Delivery): number {
  const { orderId } = payload;
  if (typeof orderId === 'number' && Number.isSafeInteger(orderId)) return orderId;
  throw new TaskRefused('the task does not say which order it is for');
}
