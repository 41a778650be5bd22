// Fills empty tables with the seeded past: the same rows everywhere, once, by whoever comes first.
import { CATALOGUE } from '../../data/catalogue.ts';
import { CUSTOMERS } from '../../data/customers.ts';
import { createOrderHistory } from '../../data/orders.ts';
import { type Database, insertRows, type Transaction } from '../../stores/database.ts';
import { MIGRATION_TIMEOUT_MS } from '../../stores/databaseMigrations.ts';

const SEED = 'products, customers and orders of the past';

/** Says whether it was this call that sowed. */
export async function sowPast(database: Database): Promise<boolean> {
  return database.transaction(
    async (transaction) => {
      const sown = await transaction.query(
        'insert into seeds (name, sown_at) values ($1, $2) on conflict do nothing returning name',
        [SEED, new Date().toISOString()],
      );
      if (sown.length === 0) return false;
      await sowProducts(transaction);
      await sowCustomers(transaction);
      await sowOrders(transaction);
      return true;
    },
    { statementTimeoutMs: MIGRATION_TIMEOUT_MS },
  );
}

function sowProducts(transaction: Transaction): Promise<void> {
  const columns = ['id', 'name', 'category', 'tags', 'price_cents', 'stock', 'version'];
  // A search index may outlive a database, and refuses versions that are older than its own: each sowing begins higher.
  const version = Math.floor(Date.now() / 1_000);
  const rows = CATALOGUE.map(({ id, name, category, tags, priceCents, stock }) => {
    return [id, name, category, tags.join(' '), priceCents, stock, version];
  });
  return insertRows(transaction, { table: 'products', columns }, rows);
}

/** Without passwords: nobody can sign in as one of them. */
function sowCustomers(transaction: Transaction): Promise<void> {
  const columns = ['id', 'username', 'name', 'email', 'registered_at'];
  const rows = CUSTOMERS.map(({ id, name, email, registeredAt }) => [id, `customer-${id}`, name, email, registeredAt]);
  return insertRows(transaction, { table: 'customers', columns }, rows);
}

async function sowOrders(transaction: Transaction): Promise<void> {
  const history = createOrderHistory();
  const columns = ['id', 'customer_id', 'status', 'total_cents', 'payment_method', 'placed_at', 'changed_at'];
  const orders = history.map(({ id, customerId, placedAt, lines }) => {
    const totalCents = lines.reduce((sum, line) => sum + line.priceCents * line.quantity, 0);
    return [id, customerId, 'confirmed', totalCents, 'history', placedAt, placedAt];
  });
  await insertRows(transaction, { table: 'orders', columns }, orders);
  const lines = history.flatMap(({ id, lines }) =>
    lines.map(({ productId, quantity, priceCents }) => [id, productId, quantity, priceCents]),
  );
  const into = { table: 'order_lines', columns: ['order_id', 'product_id', 'quantity', 'price_cents'] };
  await insertRows(transaction, into, lines);
}
