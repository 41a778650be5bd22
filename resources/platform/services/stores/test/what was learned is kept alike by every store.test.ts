import { beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../database.ts';
import { createModelState, type ModelState, STATES_KEPT } from '../modelState.ts';
import { createTestDatabases, ENGINES } from './testDatabases.ts';

const databases = createTestDatabases();

/** A second later at every look, so that which is the newest does not depend on how fast the machine is. */
function createClock(): () => Date {
  let seconds = 0;
  return () => {
    seconds += 1;
    return new Date(seconds * 1_000);
  };
}

const isThere = (database: Database) =>
  database.query('select 1').then(
    () => true,
    () => false,
  );

/** The first test starts a server and its pooler in containers. */
const TIMEOUT_MS = 120_000;

describe.each(ENGINES)('%s', { timeout: TIMEOUT_MS }, (engine) => {
  beforeEach((context) => databases.needs(engine, context));

  /** Two replicas that start at the same time, on one new database. */
  async function open(): Promise<[ModelState, ModelState]> {
    const { first, another } = await databases.open(engine);
    const both = [first, await another()] as const;
    // On a busy machine the first connection may take longer than a client waits for one.
    for (const database of both) await expect.poll(() => isThere(database), { timeout: TIMEOUT_MS / 2 }).toBe(true);
    const now = createClock();
    return [createModelState(both[0], now), createModelState(both[1], now)];
  }

  test('what was saved is loaded to the last bit, by its fingerprint alone', async () => {
    const [state] = await open();
    const model = { weights: [0.1 + 0.2, -1e-300, Number.MAX_SAFE_INTEGER], name: 'é', nested: { empty: [] } };
    await state.save('fraud', 'a', model);
    expect(await state.load('fraud', 'a')).toEqual(model);
    expect([await state.load('fraud', 'b'), await state.load('other', 'a')]).toEqual([undefined, undefined]);
  });

  test('two replicas that start at once both make the table, save, and load what either saved', async () => {
    const [one, other] = await open();
    await Promise.all([one.load('fraud', 'a'), other.load('fraud', 'a')]);
    await Promise.all([one.save('fraud', 'a', { slope: 1 }), other.save('fraud', 'a', { slope: 1 })]);
    expect([await one.load('fraud', 'a'), await other.load('fraud', 'a')]).toEqual([{ slope: 1 }, { slope: 1 }]);
  });

  test('what is saved again replaces what was there', async () => {
    const [state] = await open();
    await state.save('fraud', 'a', 1);
    await state.save('fraud', 'a', 2);
    expect(await state.load('fraud', 'a')).toBe(2);
  });

  test('of each name the newest are kept, and others are not touched', async () => {
    const [state] = await open();
    await state.save('taste', 'a', 'mine');
    for (let version = 0; version <= STATES_KEPT; version += 1) await state.save('fraud', `v${version}`, version);
    expect(await state.load('fraud', 'v0')).toBeUndefined();
    expect(await state.load('fraud', 'v1')).toBe(1);
    expect(await state.load('taste', 'a')).toBe('mine');
  });
});
