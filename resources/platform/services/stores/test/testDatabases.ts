// The databases that the same tests run against: SQLite everywhere, Postgres behind PgBouncer where there is an engine.
import { afterAll, type TestContext } from 'vitest';
import { needEngine, type RealPostgres, startPostgres } from '../../test/realServers.ts';
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

/** For a file of tests: `open` gives an empty database, `needs` skips where there is no server for it. */
export function createTestDatabases() {
  const opened: Database[] = [];
  let server: Promise<RealPostgres> | undefined;
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await (await server)?.remove();
  }, 60_000);

  const keep = <Kept extends Database>(database: Kept): Kept => {
    opened.push(database);
    return database;
  };

  return {
    needs(engine: Engine, context: TestContext): void {
      if (engine === 'Postgres') needEngine(context);
    },
    /** Started once for the file. */
    getServer(): Promise<RealPostgres> {
      server ??= startPostgres();
      return server;
    },
    async open(engine: Engine): Promise<TestDatabase> {
      if (engine === 'SQLite') {
        const first = keep(await openSqlite());
        return { first, another: async () => first };
      }
      server ??= startPostgres();
      const { password, createDatabase } = await server;
      const url = await createDatabase();
      const another = async () => keep(await openPostgres({ url, password, connections: 4, log: () => {} }));
      return { first: await another(), another };
    },
  };
}
