// The databases that the same tests run against: SQLite everywhere, Postgres behind PgBouncer where there is an engine.
import { afterAll, beforeAll, type TestContext } from 'vitest';
import { HAS_ENGINE, needEngine, type RealPostgres, STARTING_MS, startPostgres } from '../../test/realServers.ts';
import type { Database } from '../database.ts';
import { openPostgres } from '../databasePostgres.ts';
import { openSqlite } from '../databaseSqlite.ts';

export interface TestDatabase {
  /** Another program's: the same data, with connections of its own. SQLite in memory has no other programs. */
  another(): Promise<Database>;
  first: Database;
}

export const ENGINES = ['SQLite', 'Postgres'] as const;
export type Engine = (typeof ENGINES)[number];

/** Longer than the programs': what is slow here is the machine, and no test is about that. */
const PATIENCE_MS = 15_000;

/** For a file of tests: `open` gives an empty database, `needs` skips where there is no server for it. */
export function createTestDatabases() {
  const opened: Database[] = [];
  let server: RealPostgres | undefined;
  beforeAll(async () => {
    if (HAS_ENGINE) server = await startPostgres();
  }, STARTING_MS);
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await server?.remove();
  }, STARTING_MS);

  const keep = <Kept extends Database>(database: Kept): Kept => {
    opened.push(database);
    return database;
  };

  return {
    needs(engine: Engine, context: TestContext): void {
      if (engine === 'Postgres') needEngine(context);
    },
    /** One for the file. */
    getServer(): RealPostgres {
      if (server === undefined) throw new Error('there is no Postgres; call needs() first');
      return server;
    },
    async open(engine: Engine): Promise<TestDatabase> {
      if (engine === 'SQLite') {
        const first = keep(await openSqlite());
        return { first, another: async () => first };
      }
      const { password, createDatabase } = this.getServer();
      const url = await createDatabase();
      const another = async () =>
        keep(await openPostgres({ url, password, connections: 4, timeoutMs: PATIENCE_MS, log: () => {} }));
      return { first: await another(), another };
    },
  };
}
