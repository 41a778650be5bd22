import type { Dial } from '../../kit/addresses.ts';
import { toGaugeText } from './prometheusText.ts';

const TIMEOUT_MS = 2_000;
const POOLS_LIMIT = 100;
/** Column of SHOW POOLS → metric. */
const POOL_METRICS: readonly [column: string, name: string, help: string][] = [
  ['cl_active', 'pgbouncer_pools_client_active_connections', 'Clients that have a server, or want none now.'],
  ['cl_waiting', 'pgbouncer_pools_client_waiting_connections', 'Clients that wait for a server.'],
  ['sv_active', 'pgbouncer_pools_server_active_connections', 'Servers that a client has.'],
  ['sv_idle', 'pgbouncer_pools_server_idle_connections', 'Servers that are free.'],
  ['maxwait', 'pgbouncer_pools_client_maxwait_seconds', 'How long the first in the line has waited.'],
];

interface PgbouncerOptions {
  dial: Dial;
  password: string | undefined;
}

/** How full each pool is. `address` names the database `pgbouncer` and a user of stats_users. Rejects without an answer. */
export async function readPgbouncer(address: URL, { dial, password }: PgbouncerOptions): Promise<string> {
  // Here and not at the top: no other role of the program pays for it.
  const { Client } = await import('pg');
  const client = new Client({
    ...dial(address.hostname, Number(address.port || 6432)),
    user: address.username,
    database: address.pathname.slice(1),
    password: password ?? '',
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  // A connection that breaks later is nobody's concern here.
  client.on('error', () => {});
  try {
    await client.connect();
    return toPgbouncerText((await client.query<Record<string, unknown>>('SHOW POOLS')).rows);
  } finally {
    client.end().catch(() => {});
  }
}

export function toPgbouncerText(pools: readonly Record<string, unknown>[]): string {
  const shown = pools.filter(({ database }) => database !== 'pgbouncer').slice(0, POOLS_LIMIT);
  return POOL_METRICS.map(([column, name, help]) =>
    toGaugeText(
      name,
      help,
      shown.map((pool) => ({
        labels: { database: String(pool.database), user: String(pool.user) },
        value: Number(pool[column] ?? 0),
      })),
    ),
  ).join('');
}
