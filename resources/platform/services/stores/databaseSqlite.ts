// The database where no server runs: SQLite in this process's memory, with the same SQL. It ends with the process.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { StatementSync } from 'node:sqlite';
import type { Database, Transaction, Value } from './database.ts';

/** Texts differ by the length of their lists; more than these are prepared anew. */
const STATEMENTS_KEPT = 200;

export async function openSqlite(): Promise<Database> {
  const { DatabaseSync } = await import('node:sqlite');
  const sqlite = new DatabaseSync(':memory:');
  sqlite.exec('pragma foreign_keys = on');
  const statements = new Map<string, StatementSync>();
  const inTurn = createTurns();

  async function query<Result>(sql: string, values: readonly Value[] = []): Promise<Result[]> {
    let statement = statements.get(sql);
    if (statement === undefined) {
      if (statements.size >= STATEMENTS_KEPT) statements.clear();
      // By number, ?1: names are looked up one by one, which takes longest where there are most of them.
      statement = sqlite.prepare(sql.replace(/\$(\d+)/g, '?$1'));
      statements.set(sql, statement);
    }
    return statement.all(...values).map((row) => ({ ...row })) as Result[];
  }

  const transaction: Transaction = { query, rowLock: '', lock: async () => {} };

  return {
    described: 'SQLite in the memory of this process; it ends with it',
    engine: 'sqlite',
    isAway: false,
    query: (sql, values) => inTurn(() => query(sql, values)),
    transaction: (work) =>
      inTurn(async () => {
        sqlite.exec('begin immediate');
        try {
          const result = await work(transaction);
          sqlite.exec('commit');
          return result;
        } catch (error) {
          if (sqlite.isTransaction) sqlite.exec('rollback');
          throw error;
        }
      }),
    connections: () => ({ open: 1, idle: 1, waiting: 0 }),
    close: async () => {
      statements.clear();
      if (sqlite.isOpen) sqlite.close();
    },
  };
}

/** There is one connection, and a transaction awaits in its middle: what comes meanwhile waits for its end. */
function createTurns() {
  const inside = new AsyncLocalStorage<true>();
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    // It would wait for itself; with Postgres it would be outside of the transaction.
    if (inside.getStore()) throw new Error('the database was asked inside a transaction; ask the transaction');
    const turn = last.then(() => inside.run(true, work));
    last = turn.catch(() => {});
    return turn;
  };
}
