import fc from 'fast-check';
import { describe, expect, type TestContext, test } from 'vitest';
import { CATALOGUE } from '../../../data/catalogue.ts';
import { createTestDatabases, ENGINES, type Engine } from '../../../stores/test/testDatabases.ts';
import { findOrder, listOrders, placeOrder } from '../orders.ts';
import { resumeOrders } from '../orderTasks.ts';
import { findOutbox, relaySome } from '../outbox.ts';
import { sowPast } from '../seed.ts';
import { createCollector, createSetting, createWish, findShelf, order, setStock, sow, workAll } from './shopFixture.ts';

const databases = createTestDatabases();

async function openShop(engine: Engine, context: TestContext) {
  databases.needs(engine, context);
  const opened = await databases.open(engine);
  await sow(opened.first);
  return { ...opened, setting: createSetting(opened.first) };
}

const statusOf = async (database: Parameters<typeof findOrder>[0], orderId: number) =>
  (await findOrder(database, { customerId: 1, orderId }))?.status;

describe.each(ENGINES)('%s', { timeout: 60_000 }, (engine) => {
  test('the past is sown once, the same for everybody', async (context) => {
    const { first, another } = await openShop(engine, context);
    expect(await Promise.all([sowPast(first), sowPast(await another())])).toEqual([false, false]);
    const [counts] = await first.query(
      'select (select count(*) from products) as products, (select count(*) from customers) as customers, (select count(*) from orders) as orders',
    );
    expect(counts).toMatchObject({ products: CATALOGUE.length, customers: 800 });
    expect(Number(counts?.orders)).toBeGreaterThan(2_500);
  });

  test('an order is received, paid and confirmed, and takes from the stock at its end', async (context) => {
    const { first, setting } = await openShop(engine, context);
    await setStock(first, 1, 10);
    const placed = await order(first, { lines: [{ productId: 1, quantity: 3 }] });
    expect(placed).toMatchObject({ status: 'received', totalCents: 3 * (CATALOGUE[0]?.priceCents ?? 0) });
    expect(await findShelf(first, 1)).toEqual({ stock: 10, reserved: 3 });
    expect(await workAll(setting)).toEqual(['take-payment', 'confirm-order', 'index-products']);
    expect(await statusOf(first, placed.id)).toBe('confirmed');
    expect(await findShelf(first, 1)).toEqual({ stock: 7, reserved: 0 });
    const confirmations = await first.query('select recipient from confirmations where order_id = $1', [placed.id]);
    expect(confirmations).toEqual([{ recipient: 'customer1@shop.example' }]);
  });

  test('a task that comes three times is done once', async (context) => {
    const { first, setting } = await openShop(engine, context);
    await setStock(first, 1, 10);
    const placed = await order(first);
    expect(await workAll(setting, { times: 3 })).toEqual(['take-payment', 'confirm-order', 'index-products']);
    expect(await findShelf(first, 1)).toEqual({ stock: 8, reserved: 0 });
    expect(await first.query('select result from payments where order_id = $1', [placed.id])).toHaveLength(1);
  });

  test('a payment that is declined gives back what was reserved', async (context) => {
    const { first, setting } = await openShop(engine, context);
    await setStock(first, 1, 10);
    const placed = await order(first, { paymentMethod: 'stub:declined' });
    expect(await workAll(setting, { times: 2 })).toEqual(['take-payment']);
    expect(await statusOf(first, placed.id)).toBe('payment-failed');
    expect(await findShelf(first, 1)).toEqual({ stock: 10, reserved: 0 });
  });

  test('of many who want the last pieces only as many get them as there are', async (context) => {
    const { first, another } = await openShop(engine, context);
    await setStock(first, 1, 7);
    const programs = [first, await another()];
    const wishes = Array.from({ length: 24 }, (_, index) => {
      const program = programs[index % 2] ?? first;
      return order(program, { customerId: 1 + index, lines: [{ productId: 1, quantity: 1 }] });
    });
    const results = await Promise.allSettled(wishes);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(new Set(refusals)).toEqual(
      new Set(['RefusedRequest: of product 1 there are 0 left, and the order wants 1']),
    );
    expect(await findShelf(first, 1)).toEqual({ stock: 7, reserved: 7 });
  });

  test('orders that want the same things in another order do not stop each other', async (context) => {
    const { first, another } = await openShop(engine, context);
    for (const id of [1, 2, 3]) await setStock(first, id, 100);
    const programs = [first, await another()];
    const lines = [1, 2, 3].map((productId) => ({ productId, quantity: 1 }));
    const placed = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        order(programs[index % 2] ?? first, { lines: index % 2 === 0 ? lines : lines.toReversed() }),
      ),
    );
    expect(new Set(placed.map(({ id }) => id)).size).toBe(20);
    expect(await findShelf(first, 3)).toEqual({ stock: 100, reserved: 20 });
  });

  test('a key makes one order of a request that comes many times at once', async (context) => {
    const { first, another } = await openShop(engine, context);
    await setStock(first, 1, 100);
    const programs = [first, await another()];
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) => placeOrder(programs[index % 2] ?? first, createWish({ key: 'k-1' }))),
    );
    expect(new Set(results.map(({ order }) => order.id)).size).toBe(1);
    expect(results.filter(({ isRepeated }) => !isRepeated)).toHaveLength(1);
    expect(await findShelf(first, 1)).toEqual({ stock: 100, reserved: 2 });
    await expect(order(first, { key: 'k-1', lines: [{ productId: 2, quantity: 1 }] })).rejects.toThrow('use a new one');
    expect((await order(first, { key: 'k-1', customerId: 2 })).id).not.toBe(results[0]?.order.id);
  });

  test('a key of an order that was refused may be sent again', async (context) => {
    const { first } = await openShop(engine, context);
    await setStock(first, 1, 1);
    await expect(order(first, { key: 'k-1' })).rejects.toThrow('there are 1 left');
    await setStock(first, 1, 2);
    expect(await order(first, { key: 'k-1' })).toMatchObject({ status: 'received' });
  });

  test('an order whose total is not what the customer was shown is refused', async (context) => {
    const { first } = await openShop(engine, context);
    await setStock(first, 1, 10);
    const totalCents = 2 * (CATALOGUE[0]?.priceCents ?? 0);
    await expect(order(first, { expectedTotalCents: totalCents + 1 })).rejects.toThrow(`it costs ${totalCents} cents`);
    expect(await order(first, { expectedTotalCents: totalCents })).toMatchObject({ totalCents });
  });

  test('a customer sees no order of another', async (context) => {
    const { first } = await openShop(engine, context);
    const placed = await order(first, { lines: [{ productId: 1, quantity: 1 }] });
    expect(await findOrder(first, { customerId: 2, orderId: placed.id })).toBeUndefined();
    const { results } = await listOrders(first, { customerId: 1, page: 1 });
    expect(results[0]).toEqual(placed);
  });

  test('tasks wait while the queue is away, and several relays send each of them once', async (context) => {
    const { first, another } = await openShop(engine, context);
    await setStock(first, 1, 1_000);
    const ids = await Promise.all(Array.from({ length: 70 }, () => order(first).then(({ id }) => id)));
    const collector = createCollector();
    collector.isAway = true;
    expect(await relaySome(first, collector)).toBe(0);
    // Not known to be away: what is refused is free again for whoever comes next.
    const failing = { isAway: false, send: () => Promise.reject(new Error('lost')) };
    expect(await relaySome(first, failing)).toBe(0);
    expect((await findOutbox(first)).waiting).toBe(70);
    collector.isAway = false;
    const programs = [first, await another(), await another()];
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(programs.map((database) => relaySome(database, collector)));
    }
    const sent = collector.tasks.map(({ payload }) => Number(payload.orderId));
    expect(sent.toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
    expect(await findOutbox(first)).toEqual({ waiting: 0, oldest: null });
  });

  test('an order whose task was lost with the queue is taken up again', async (context) => {
    const { first, setting } = await openShop(engine, context);
    const placed = await order(first, { lines: [{ productId: 1, quantity: 1 }] });
    await first.query('delete from outbox');
    expect(await resumeOrders(setting)).toEqual({ resumed: 0 });
    const twoMinutesAgo = new Date(Date.now() - 120_000).toISOString();
    await first.query('update orders set placed_at = $2 where id = $1', [placed.id, twoMinutesAgo]);
    expect(await resumeOrders(setting)).toEqual({ resumed: 1 });
    await workAll(setting);
    expect(await statusOf(first, placed.id)).toBe('confirmed');
  });
});

test('whatever is ordered, and whichever payments fail, stock is neither made nor lost', async () => {
  const { first } = await databases.open('SQLite');
  await sow(first);
  const setting = createSetting(first);
  const methods = fc.constantFrom('stub:approve', 'stub:declined');
  const line = fc.record({ productId: fc.integer({ min: 1, max: 5 }), quantity: fc.integer({ min: 1, max: 4 }) });
  const wish = fc.record({
    lines: fc.uniqueArray(line, { minLength: 1, maxLength: 5, selector: ({ productId }) => productId }),
    paymentMethod: methods,
    worked: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { maxLength: 12 }), async (wishes) => {
      for (let id = 1; id <= 5; id += 1) await setStock(first, id, 20);
      const sold = new Map<number, number>();
      for (const { lines, paymentMethod, worked } of wishes) {
        const placed = await order(first, { lines, paymentMethod }).catch(() => undefined);
        if (worked) await workAll(setting);
        if (placed === undefined || paymentMethod === 'stub:declined') continue;
        for (const { productId, quantity } of lines) sold.set(productId, (sold.get(productId) ?? 0) + quantity);
      }
      await workAll(setting);
      for (let id = 1; id <= 5; id += 1) {
        expect(await findShelf(first, id)).toEqual({ stock: 20 - (sold.get(id) ?? 0), reserved: 0 });
      }
    }),
    { numRuns: 25 },
  );
});
