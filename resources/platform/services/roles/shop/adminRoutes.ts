// The shop in numbers, for administrators.
import { ok, type Route } from '../../kit/routes.ts';
import type { Database } from '../../stores/database.ts';
import { requireAdmin } from './customers.ts';
import { findOutbox } from './outbox.ts';
import type { Stores } from './stores.ts';

export function adminRoutes(stores: Stores): Route[] {
  return [
    {
      method: 'GET',
      path: '/admin/',
      handle: async (request) => {
        requireAdmin(request);
        const { database, queue } = stores;
        const orders = await database.query<{ status: string; count: number }>(
          'select status, count(*) as count from orders group by status order by status',
        );
        return ok({
          site: 'shop administration',
          products: await count(database, 'products'),
          customers: await count(database, 'customers'),
          sessions: await count(database, 'sessions'),
          orders: Object.fromEntries(orders.map((row) => [row.status, row.count])),
          outbox: await findOutbox(database),
          // null: not known, since the queue is away.
          queue: await queue.depth().catch(() => null),
          stores: stores.describe,
          degraded: stores.degraded(),
        });
      },
    },
  ];
}

async function count(database: Database, table: 'products' | 'customers' | 'sessions'): Promise<number> {
  const [row] = await database.query<{ count: number }>(`select count(*) as count from ${table}`);
  return row?.count ?? 0;
}
