import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openPostgres } from '../stores/databasePostgres.ts';
import { openSqlite } from '../stores/databaseSqlite.ts';
import { createModelState, type ModelState, STATES_KEPT } from '../stores/modelState.ts';
import { needsPostgres, startPostgres } from './postgresContainer.ts';

interface Store {
  /** As another replica that starts at the same time, on the same database. */
  open(): ModelState;
}

/** A second later at every look, so that which is the newest does not depend on how fast the machine is. */
function createClock(): () => Date {
  let seconds = 0;
  return () => {
    seconds += 1;
    return new Date(seconds * 1_000);
  };
}

async function openInProcess(): Promise<Store> {
  const database = await openSqlite();
  onTestFinished(() => database.close());
  const now = createClock();
  return { open: () => createModelState(database, now) };
}

async function openReal(): Promise<Store> {
  const { url, password } = await startPostgres();
  const databases = await Promise.all(
    [1, 2].map(() => openPostgres({ url: new URL(url), password, connections: 2, log: () => {} })),
  );
  const closeAll = databases.map((database) => () => database.close());
  onTestFinished(() => Promise.all(closeAll.map((close) => close())).then(() => {}));
  const now = createClock();
  return {
    open() {
      const database = databases.pop();
      if (database === undefined) throw new Error('there are two databases');
      return createModelState(database, now);
    },
  };
}

describe.each([
  ['SQLite in this process', openInProcess, () => {}],
  ['Postgres', openReal, needsPostgres],
] as const)('%s', (_, start, needs) => {
  beforeEach(needs);

  test('what was saved is loaded to the last bit, by its fingerprint alone', async () => {
    const state = (await start()).open();
    const model = { weights: [0.1 + 0.2, -1e-300, Number.MAX_SAFE_INTEGER], name: 'é', nested: { empty: [] } };
    await state.save('fraud', 'a', model);
    expect(await state.load('fraud', 'a')).toEqual(model);
    expect([await state.load('fraud', 'b'), await state.load('other', 'a')]).toEqual([undefined, undefined]);
  });

  test('two replicas that start at once both make the table, save, and load what either saved', async () => {
    const store = await start();
    const [one, other] = [store.open(), store.open()];
    await Promise.all([one.load('fraud', 'a'), other.load('fraud', 'a')]);
    await Promise.all([one.save('fraud', 'a', { slope: 1 }), other.save('fraud', 'a', { slope: 1 })]);
    expect([await one.load('fraud', 'a'), await other.load('fraud', 'a')]).toEqual([{ slope: 1 }, { slope: 1 }]);
  });

  test('what is saved again replaces what was there', async () => {
    const state = (await start()).open();
    await state.save('fraud', 'a', 1);
    await state.save('fraud', 'a', 2);
    expect(await state.load('fraud', 'a')).toBe(2);
  });

  test('of each name the newest are kept, and others are not touched', async () => {
    const state = (await start()).open();
    await state.save('taste', 'a', 'mine');
    for (let version = 0; version <= STATES_KEPT; version += 1) await state.save('fraud', `v${version}`, version);
    expect(await state.load('fraud', 'v0')).toBeUndefined();
    expect(await state.load('fraud', 'v1')).toBe(1);
    expect(await state.load('taste', 'a')).toBe('mine');
  });
});
