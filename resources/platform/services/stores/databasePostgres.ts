// Postgres, usually through PgBouncer in transaction mode. The only file that knows pg.
import type { Pool, PoolClient } from 'pg';
import type { Log } from '../kit/log.ts';
import { inClientSpan } from './clientSpan.ts';
import type { Database, Row, Transaction, Value } from './database.ts';
import { createStoreState, StoreAway, type StoreState, toReason } from './storeState.ts';

export interface PostgresOptions {
  /** postgres://user@host:port/database */
  url: URL;
  password: string | undefined;
  /** How many connections this process may hold. */
  connections: number;
  log: Log;
  /** For a connection, and for an answer where the question says nothing else. */
  timeoutMs?: number;
  /** What others want to know too; left out, the state is this client's own. */
  state?: StoreState;
}

const STORE = 'database';
const TIMEOUT_MS = 2_000;
/** What a connection waits for beyond the server's own limit: the server's answer says more than our silence. */
const GRACE_MS = 500;
/** More than these waiting for a connection would only make all of them late. */
const WAITING_LIMIT = 500;
/** A transaction that Postgres chose as the victim of a deadlock, or could not serialise, is run again this often. */
const TRIES = 3;

export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { default: pg } = await import('pg');
  const { url, log, timeoutMs = TIMEOUT_MS, state = createStoreState(STORE, log) } = options;
  const pool = new pg.Pool({
    host: url.hostname,
    port: Number(url.port) || 5432,
    user: decodeURIComponent(url.username),
    password: options.password,
    database: url.pathname.slice(1),
    max: options.connections,
    connectionTimeoutMillis: timeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'shop',
    types: { getTypeParser: (type) => PARSERS.get(Number(type)) ?? ((text: string) => text) },
  });
  // Of idle connections: the server has gone. The next query meets it, and says so.
  pool.on('error', (error) => state.away(toReason(error)));
  const link: Link = { pool, state, timeoutMs, namespace: url.pathname.slice(1), address: url.hostname };
  return {
    described: `Postgres at ${url.host}`,
    engine: 'postgres',
    get isAway() {
      return state.isAway;
    },
    query: (sql, values) => withClient(link, (client) => runQuery(link, client, { sql, values })),
    transaction: (work, { statementTimeoutMs = timeoutMs } = {}) => repeat(link, work, statementTimeoutMs),
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end().catch(() => {}),
  };
}

interface Link {
  pool: Pool;
  state: StoreState;
  timeoutMs: number;
  namespace: string;
  address: string;
}

/** Type numbers of Postgres (pg_type.dat). Everything else is the text that the server sends. */
const PARSERS = new Map<number, (text: string) => unknown>([
  [20, Number], // int8: counts and sums, all far below 2^53
  [21, Number],
  [23, Number],
  [701, Number],
  [1700, Number], // numeric, of sums
  [1184, (text) => new Date(text).toISOString()], // timestamptz
]);

async function withClient<Result>(link: Link, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const { pool, state } = link;
  if (pool.waitingCount >= WAITING_LIMIT) throw new StoreAway(STORE, `${WAITING_LIMIT} wait for a connection`);
  const client = await pool.connect().catch((error: unknown) => {
    throw toAway(state, error);
  });
  // The pool listens to idle ones alone; a lost one that nobody listens to would end the process. Its query says it too.
  client.on('error', ignore);
  let isLost = false;
  try {
    return await work(client);
  } catch (error) {
    // A connection whose answer did not come may still get it, in the middle of somebody else's.
    isLost = error instanceof StoreAway;
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(isLost);
  }
}

function ignore(): void {}

async function repeat<Result>(
  link: Link,
  work: (transaction: Transaction) => Promise<Result>,
  statementTimeoutMs: number,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await withClient(link, (client) => runTransaction(link, client, { work, statementTimeoutMs }));
    } catch (error) {
      if (tries >= TRIES || !CONFLICTS.has(toCode(error))) throw error;
    }
  }
}

interface Work<Result> {
  work: (transaction: Transaction) => Promise<Result>;
  statementTimeoutMs: number;
}

async function runTransaction<Result>(
  link: Link,
  client: PoolClient,
  { work, statementTimeoutMs }: Work<Result>,
): Promise<Result> {
  const timeoutMs = statementTimeoutMs + GRACE_MS;
  const query: Transaction['query'] = (sql, values) => runQuery(link, client, { sql, values, timeoutMs });
  // LOCAL: the setting ends with the transaction, as PgBouncer's transaction mode demands.
  await query(`begin; set local statement_timeout = ${Math.round(statementTimeoutMs)}`);
  try {
    const result = await work({
      query,
      rowLock: ' for update',
      lock: async (name) => {
        await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
      },
    });
    await query('commit');
    return result;
  } catch (error) {
    // A connection that is lost takes its transaction with it.
    if (!(error instanceof StoreAway)) await query('rollback');
    throw error;
  }
}

interface Question {
  sql: string;
  values: readonly Value[] | undefined;
  timeoutMs?: number;
}

function runQuery<Result = Row>(link: Link, client: PoolClient, question: Question): Promise<Result[]> {
  const { sql, values, timeoutMs = link.timeoutMs } = question;
  const operation = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? 'QUERY';
  const attributes = {
    'db.system.name': 'postgresql',
    'db.namespace': link.namespace,
    'db.operation.name': operation,
    'server.address': link.address,
  };
  // pg names no statement unless it is told a name, which is what PgBouncer needs. Its types leave out query_timeout.
  const config = { text: sql, query_timeout: timeoutMs, ...(values && { values: [...values] }) };
  return inClientSpan(`${operation} ${link.namespace}`, attributes, async () => {
    try {
      const { rows } = await client.query(config);
      link.state.back();
      // Several statements in one text have several answers, and nobody asks for their rows.
      return (rows ?? []) as Result[];
    } catch (error) {
      throw isRefusal(error) ? error : toAway(link.state, error);
    }
  });
}

/** 40001: not serialisable, 40P01: deadlock. Postgres has undone all of it. */
const CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01']);

/**
 * What a server that can be asked says of a statement. Not so what it says while it comes or goes, or has no room (classes
 * 08, 53, 57P, 58; PgBouncer's own are 08P01), nor that a statement took too long (57014). The driver's have no severity.
 */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && !/^(08|53|57P|57014|58)/.test(toCode(error));
}

function toAway(state: StoreState, error: unknown): StoreAway {
  const reason = toReason(error);
  state.away(reason);
  return new StoreAway(STORE, reason, { cause: error });
}

function toCode(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : '';
}
