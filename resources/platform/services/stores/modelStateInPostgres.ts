// What the AI services have learned, in one table of postgres_ai that each of them makes when it is not there.
import pg from 'pg';
import type { Dial } from '../kit/addresses.ts';
import { inSpan } from '../kit/tracing.ts';
import { type ModelState, STATES_KEPT } from './modelState.ts';

const TIMEOUT_MS = 2_000;
/** Read at start, written once after training: more would only be held open. */
const CONNECTIONS = 2;
/** Any number that nobody else locks with; two replicas that create a table at once fail without it, IF NOT EXISTS or not. */
const CREATION_LOCK = 7_264_001;

const CREATE = `
  CREATE TABLE IF NOT EXISTS model_state (
    name text NOT NULL,
    fingerprint text NOT NULL,
    state jsonb NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, fingerprint)
  )`;
const LOAD = 'SELECT state FROM model_state WHERE name = $1 AND fingerprint = $2';
const SAVE = `
  INSERT INTO model_state (name, fingerprint, state) VALUES ($1, $2, $3)
  ON CONFLICT (name, fingerprint) DO UPDATE SET state = EXCLUDED.state, saved_at = clock_timestamp()`;
const FORGET = `
  DELETE FROM model_state WHERE name = $1 AND fingerprint NOT IN (
    SELECT fingerprint FROM model_state WHERE name = $1 ORDER BY saved_at DESC LIMIT ${STATES_KEPT})`;

export interface ModelStateOptions {
  /** postgres://user@host:port/database */
  url: string;
  password: string | undefined;
  dial: Dial;
}

/** Nothing is connected before the first call. Throws when `url` is none. */
export function createModelStateInPostgres({ url, password, dial }: ModelStateOptions): ModelState {
  const { hostname, port, username, pathname } = new URL(url);
  const server = { host: hostname, port: Number(port || 5432) };
  const database = decodeURIComponent(pathname.slice(1));
  const pool = new pg.Pool({
    ...dial(server.host, server.port),
    user: decodeURIComponent(username),
    database,
    ...(password === undefined ? {} : { password }),
    max: CONNECTIONS,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    idleTimeoutMillis: 10_000,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is none of a request's business; the pool makes another one.
  pool.on('error', () => {});

  let created: Promise<unknown> | undefined;
  const ensureTable = () => {
    created ??= create(pool).catch((error: unknown) => {
      created = undefined;
      throw error;
    });
    return created;
  };
  const ask = (operation: string, work: () => Promise<unknown[]>) => {
    const attributes = {
      'db.system.name': 'postgresql',
      'db.namespace': database,
      'db.operation.name': operation,
      'db.collection.name': 'model_state',
      'server.address': server.host,
      'server.port': server.port,
    };
    return inSpan(`${operation} model_state`, { kind: 'client', attributes }, async () => {
      await ensureTable();
      return work();
    });
  };

  return {
    description: `Postgres at ${server.host}:${server.port}`,
    async load(name, fingerprint) {
      const rows = await ask('SELECT', async () => (await pool.query(LOAD, [name, fingerprint])).rows);
      return (rows[0] as { state: unknown } | undefined)?.state;
    },
    async save(name, fingerprint, state) {
      await ask('INSERT', async () => (await pool.query(SAVE, [name, fingerprint, JSON.stringify(state)])).rows);
      await ask('DELETE', async () => (await pool.query(FORGET, [name])).rows);
    },
    close: () => pool.end(),
  };
}

async function create(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [CREATION_LOCK]);
    await client.query(CREATE);
    await client.query('COMMIT');
    failed = false;
  } finally {
    // A connection that is left within a transaction is of no use to the next one.
    client.release(failed);
  }
}
