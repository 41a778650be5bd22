import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, insertRows } from '../database.ts';
import { type Migration, migrate } from '../databaseMigrations.ts';
import { openPostgres } from '../databasePostgres.ts';
import { StoreAway } from '../storeState.ts';
import { createTestDatabases, ENGINES } from './testDatabases.ts';

const databases = createTestDatabases();
const TABLE: Migration = {
  number: 1,
  name: 'a table',
  statements: [
    'create table things (id {identity}, name text not null unique, count integer not null, at timestamptz)',
  ],
};

async function openWithTable(engine: (typeof ENGINES)[number]) {
  const opened = await databases.open(engine);
  await migrate(opened.first, [TABLE]);
  return opened;
}

const addThing = (database: Pick<Database, 'query'>, name: string, count = 0) =>
  database.query('insert into things (name, count) values ($1, $2)', [name, count]);
const countThings = async (database: Database) =>
  (await database.query<{ count: number }>('select count(*) as count from things'))[0]?.count;

describe.each(ENGINES)('%s', { timeout: 30_000 }, (engine) => {
  test('gives back numbers as numbers, times as ISO text and nothing as null', async (context) => {
    databases.needs(engine, context);
    const { first } = await openWithTable(engine);
    const at = '2026-06-30T12:00:00.120Z';
    await first.query('insert into things (name, count, at) values ($1, $2, $3), ($4, $5, $6)', [
      ...['a', 7, at],
      ...['b', 8, null],
    ]);
    const rows = await first.query('select name, count, at from things order by name');
    expect(rows).toEqual([
      { name: 'a', count: 7, at },
      { name: 'b', count: 8, at: null },
    ]);
    expect(await first.query('select count(*) as things, sum(count) as sum from things')).toEqual([
      { things: 2, sum: 15 },
    ]);
  });

  test('does all of a transaction or nothing of it', async (context) => {
    databases.needs(engine, context);
    const { first } = await openWithTable(engine);
    const failing = first.transaction(async (transaction) => {
      await addThing(transaction, 'a');
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await countThings(first)).toBe(0);
    const refused = first.transaction(async (transaction) => {
      await addThing(transaction, 'a');
      await addThing(transaction, 'a');
    });
    await expect(refused).rejects.not.toBeInstanceOf(StoreAway);
    expect(await countThings(first)).toBe(0);
  });

  test('inserts more rows than one statement takes', async (context) => {
    databases.needs(engine, context);
    const { first } = await openWithTable(engine);
    const rows = Array.from({ length: 601 }, (_, index) => [`thing ${index}`, index]);
    await insertRows(first, { table: 'things', columns: ['name', 'count'] }, rows);
    expect(await first.query('select count(*) as rows, sum(count) as sum from things')).toEqual([
      { rows: 601, sum: 180_300 },
    ]);
  });

  test('runs a migration once, however many programs come with it at once', async (context) => {
    databases.needs(engine, context);
    const { first, another } = await databases.open(engine);
    const programs = [first, await another(), await another()];
    const ran = await Promise.all(programs.map((database) => migrate(database, [TABLE])));
    expect(ran.toSorted()).toEqual([0, 0, 1]);
  });

  test('refuses a program that is older than its tables', async (context) => {
    databases.needs(engine, context);
    const { first } = await openWithTable(engine);
    await expect(migrate(first, [])).rejects.toThrow('the database has migration 1, and this program knows up to 0');
  });

  test.for(['a lock by name', 'a lock of the row'])('loses no update behind %s', async (kind, context) => {
    databases.needs(engine, context);
    const { first, another } = await openWithTable(engine);
    await addThing(first, 'counter');
    const programs = [first, await another()];
    const increments = Array.from({ length: 20 }, (_, index) =>
      programs[index % 2]?.transaction(async (transaction) => {
        if (kind === 'a lock by name') await transaction.lock('counter');
        const lock = kind === 'a lock by name' ? '' : transaction.rowLock;
        const [row] = await transaction.query<{ count: number }>(
          `select count from things where name = 'counter'${lock}`,
        );
        await transaction.query(`update things set count = $1 where name = 'counter'`, [(row?.count ?? 0) + 1]);
      }),
    );
    await Promise.all(increments);
    expect(await first.query('select count from things')).toEqual([{ count: 20 }]);
  });
});

test('SQLite says when it is asked inside a transaction past the transaction, which would wait for itself', async () => {
  const { first } = await openWithTable('SQLite');
  const asked = first.transaction(() => addThing(first, 'a'));
  await expect(asked).rejects.toThrow('ask the transaction');
});

describe('Postgres behind PgBouncer', { timeout: 60_000 }, () => {
  const wait = (database: Database) =>
    expect.poll(() => database.query('select 1 as one').catch(() => 'away'), { timeout: 30_000, interval: 200 });

  test('runs the victim of a deadlock again', async (context) => {
    databases.needs('Postgres', context);
    const { first, another } = await openWithTable('Postgres');
    await addThing(first, 'a');
    await addThing(first, 'b');
    const met = Promise.withResolvers<void>();
    let arrived = 0;
    const swap = (database: Database, [one, other]: [string, string]) =>
      database.transaction(async (transaction) => {
        await transaction.query('update things set count = count + 1 where name = $1', [one]);
        arrived += 1;
        if (arrived === 2) met.resolve();
        await met.promise;
        await transaction.query('update things set count = count + 1 where name = $1', [other]);
      });
    await Promise.all([swap(first, ['a', 'b']), swap(await another(), ['b', 'a'])]);
    expect(await first.query('select name, count from things order by name')).toEqual([
      { name: 'a', count: 2 },
      { name: 'b', count: 2 },
    ]);
  });

  test('is away while PgBouncer is, in the middle of a transaction too, and back by itself', async (context) => {
    databases.needs('Postgres', context);
    const { first } = await openWithTable('Postgres');
    const server = databases.getServer();
    const cut = first.transaction(async (transaction) => {
      await addThing(transaction, 'a');
      await server.stop();
      await addThing(transaction, 'b');
    });
    await expect(cut).rejects.toBeInstanceOf(StoreAway);
    await expect(first.query('select 1')).rejects.toBeInstanceOf(StoreAway);
    expect(first.isAway).toBe(true);
    await server.start();
    await wait(first).toEqual([{ one: 1 }]);
    expect(first.isAway).toBe(false);
    expect(await countThings(first)).toBe(0);
  });

  test('does not wait for one that answers nothing, and takes none of its late answers for another', async (context) => {
    databases.needs('Postgres', context);
    const { first } = await openWithTable('Postgres');
    const server = databases.getServer();
    const url = await server.createDatabase();
    const impatient = await openPostgres({
      url,
      password: server.password,
      connections: 2,
      timeoutMs: 1_000,
      log: () => {},
    });
    onTestFinished(() => impatient.close());
    await wait(impatient).toEqual([{ one: 1 }]);
    await server.freeze();
    const asked = await Promise.allSettled([impatient.query('select 41'), impatient.query('select 42')]);
    await server.thaw();
    expect(asked.map((result) => result.status === 'rejected' && result.reason instanceof StoreAway)).toEqual([
      ...[true, true],
    ]);
    await wait(impatient).toEqual([{ one: 1 }]);
    expect(await first.query('select 7 as seven')).toEqual([{ seven: 7 }]);
  });
});
