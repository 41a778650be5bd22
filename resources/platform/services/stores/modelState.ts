// What the AI services have learned, kept over restarts and shared by replicas: in postgres_ai, or where none runs in the
// memory of this process, by the same SQL.
import type { Database } from './database.ts';
import { type Migration, migrate } from './databaseMigrations.ts';

/** Every call rejects when the database is away, within three seconds. */
export interface ModelState {
  /** For people. */
  readonly described: string;
  /** What was saved for exactly this fingerprint of data and algorithm; undefined when nothing was. */
  load(name: string, fingerprint: string): Promise<unknown>;
  /**
   * `state` is anything that JSON can say. Two replicas that save the same fingerprint have learned the same, so it does
   * not matter who is last. Of each name the newest STATES_KEPT fingerprints are kept.
   */
  save(name: string, fingerprint: string, state: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Enough for a version, the one before it that is on its way out, and a way back. */
export const STATES_KEPT = 3;

/** Of the database that the AI services share; the shop's has its own. */
const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'model state',
    statements: [
      `create table model_state (
        name text not null,
        fingerprint text not null,
        state text not null,
        saved_at timestamptz not null,
        primary key (name, fingerprint)
      )`,
    ],
  },
];

const SAVE = `
  insert into model_state (name, fingerprint, state, saved_at) values ($1, $2, $3, $4)
  on conflict (name, fingerprint) do update set state = excluded.state, saved_at = excluded.saved_at`;
const FORGET = `
  delete from model_state where name = $1 and fingerprint not in (
    select fingerprint from model_state where name = $1 order by saved_at desc limit ${STATES_KEPT})`;

/** Nothing is asked before the first call. Closes the database when it is closed. */
export function createModelState(database: Database, now: () => Date = () => new Date()): ModelState {
  let migrated: Promise<unknown> | undefined;

  async function withTable<Result>(work: () => Promise<Result>): Promise<Result> {
    migrated ??= migrate(database, MIGRATIONS);
    try {
      await migrated;
      return await work();
    } catch (error) {
      // It may come back as another, empty one.
      migrated = undefined;
      throw error;
    }
  }

  return {
    described: database.described,
    load: (name, fingerprint) =>
      withTable(async () => {
        const sql = 'select state from model_state where name = $1 and fingerprint = $2';
        const [row] = await database.query<{ state: string }>(sql, [name, fingerprint]);
        return row && JSON.parse(row.state);
      }),
    save: (name, fingerprint, state) =>
      withTable(() =>
        database.transaction(async ({ query }) => {
          await query(SAVE, [name, fingerprint, JSON.stringify(state), now().toISOString()]);
          await query(FORGET, [name]);
        }),
      ),
    close: () => database.close(),
  };
}
